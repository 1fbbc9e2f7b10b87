import { useEffect, useState } from 'preact/hooks';

/** A value that changes, with subscribers. */
export interface Observable<T> {
  readonly get: () => T;
  /** Returns the function that unsubscribes. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface MutableObservable<T> extends Observable<T> {
  readonly set: (value: T) => void;
}

export const createObservable = <T>(initial: T): MutableObservable<T> => {
  let value = initial;
  const subscribers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const onChange of subscribers) onChange();
    },
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => void subscribers.delete(onChange);
    },
  };
};

/** The value, or a selected part of it. The component renders again only when that part changes: keep it small. */
export const useObservable = <T, S = T>(
  observable: Observable<T>,
  select: (value: T) => S = (value) => value as unknown as S,
): S => {
  const [, render] = useState<unknown>();
  const rendered = select(observable.get());
  useEffect(() => {
    let last = rendered;
    const check = (): void => {
      const now = select(observable.get());
      if (Object.is(now, last)) return;
      last = now;
      render({});
    };
    // It may have changed between rendering and this effect.
    check();
    return observable.subscribe(check);
  });
  return rendered;
};
