import { useEffect, useState } from 'preact/hooks';
import type { Observable } from './observable.ts';

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
