import { vi } from 'vitest';

/** Pages use the browser's timers: with these they pass only when a test advances them, while sockets stay real. */
export const fakeBrowserTimers = (): void => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
};

/** Waits for a condition without a timer. What never comes is ended by the test's own time limit. */
export const eventually = async <T>(condition: () => T): Promise<NonNullable<Exclude<T, false>>> => {
  for (;;) {
    const value = condition();
    if (value !== null && value !== undefined && value !== false) {
      return value as NonNullable<Exclude<T, false>>;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
};
