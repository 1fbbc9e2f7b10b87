import { useEffect, useState } from 'preact/hooks';

/** Something that changes, and whoever wants to know. */
export interface Box<T> {
  readonly get: () => T;
  /** Returns what ends it. */
  readonly subscribe: (changed: () => void) => () => void;
}

export interface OpenBox<T> extends Box<T> {
  readonly set: (value: T) => void;
}

export const createBox = <T>(initial: T): OpenBox<T> => {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const changed of listeners) changed();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
};

/** What is in a box, or a part of it. A component is drawn anew only when that part is another: keep it small. */
export const useBox = <T, P = T>(
  box: Box<T>,
  select: (value: T) => P = (value) => value as unknown as P,
): P => {
  const [, redraw] = useState<unknown>();
  const shown = select(box.get());
  useEffect(() => {
    let last = shown;
    const check = (): void => {
      const now = select(box.get());
      if (Object.is(now, last)) return;
      last = now;
      redraw({});
    };
    // It may have changed between drawing and this.
    check();
    return box.subscribe(check);
  });
  return shown;
};
