import { systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/core/ports.ts';

/** The machine’s clock, which a test can hold: its timers then wait, and no time passes on it. */
export interface HoldableClock extends Clock {
  /** Returns a function that releases it. Not to be held twice. */
  hold(): () => void;
}

interface Timer {
  readonly dueMs: number;
  readonly work: () => void;
  armed: NodeJS.Timeout | undefined;
}

export const createHoldableClock = (): HoldableClock => {
  const timers = new Set<Timer>();
  let heldMs = 0;
  let heldSinceMs: number | null = null;
  const monotonicMs = (): number => (heldSinceMs ?? performance.now()) - heldMs;
  const arm = (timer: Timer): void => {
    timer.armed = setTimeout(
      () => {
        timers.delete(timer);
        timer.work();
      },
      Math.max(0, timer.dueMs - monotonicMs()),
    );
  };
  const set = (ms: number, work: () => void): (() => void) => {
    const timer: Timer = { dueMs: monotonicMs() + ms, work, armed: undefined };
    timers.add(timer);
    if (heldSinceMs === null) arm(timer);
    return () => {
      clearTimeout(timer.armed);
      timers.delete(timer);
    };
  };
  const every = (ms: number, work: () => void): (() => void) => {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = set(ms, again);
      work();
    };
    cancel = set(ms, again);
    return () => cancel();
  };
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = (): void => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = set(ms, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      }),
    after: set,
    every,
    timeoutSignal: (ms) => {
      const controller = new AbortController();
      set(ms, () => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')));
      return controller.signal;
    },
    hold: () => {
      heldSinceMs = performance.now();
      for (const { armed } of timers) clearTimeout(armed);
      return () => {
        if (heldSinceMs === null) return;
        heldMs += performance.now() - heldSinceMs;
        heldSinceMs = null;
        for (const timer of timers) arm(timer);
      };
    },
  };
};
