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

/** A part of another observable. Its subscribers are called when that part changes. */
export const selectFrom = <T, S>(observable: Observable<T>, select: (value: T) => S): Observable<S> => ({
  get: () => select(observable.get()),
  subscribe(onChange) {
    let last = select(observable.get());
    return observable.subscribe(() => {
      const now = select(observable.get());
      if (Object.is(now, last)) return;
      last = now;
      onChange();
    });
  },
});
