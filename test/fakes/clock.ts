import type { Clock } from '../../src/core/ports.ts';

/** A clock that stands still until a test advances it. */
export interface VirtualClock extends Clock {
  /**
   * Advances by `ms`: runs each timer at its own moment, in order, and lets everything that follows from it settle
   * before the next. What waits for real IO (a socket, a process, a database) does not settle in virtual time.
   */
  advance(ms: number): Promise<void>;
  /** Advances from timer to timer until `isDone`; fails after `withinMs` of virtual time. */
  advanceUntil(isDone: () => boolean, withinMs?: number): Promise<void>;
  /** How many timers are set. */
  readonly pendingTimers: number;
}

interface Timer {
  dueMs: number;
  readonly everyMs: number | null;
  readonly work: () => void;
}

/** Everything that promises alone lead to is done when a macrotask comes round; a few rounds cover chains of them. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
};

export const createVirtualClock = (startMs: number = Date.UTC(2026, 0, 5, 9)): VirtualClock => {
  const timers = new Set<Timer>();
  let elapsedMs = 0;

  const set = (ms: number, work: () => void, everyMs: number | null): (() => void) => {
    const timer = { dueMs: elapsedMs + Math.max(0, ms), everyMs, work };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  /** The earliest; of several the one that was set first. */
  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.dueMs < first.dueMs) first = timer;
    return first;
  };
  const fire = async (timer: Timer): Promise<void> => {
    elapsedMs = timer.dueMs;
    if (timer.everyMs === null) timers.delete(timer);
    else timer.dueMs += Math.max(1, timer.everyMs);
    timer.work();
    await settle();
  };

  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const aborted = (): void => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = set(
          ms,
          () => {
            signal?.removeEventListener('abort', aborted);
            resolve();
          },
          null,
        );
        signal?.addEventListener('abort', aborted, { once: true });
      }),
    after: (ms, work) => set(ms, work, null),
    every: (ms, work) => set(ms, work, ms),
    timeoutSignal(ms) {
      const controller = new AbortController();
      set(ms, () => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), null);
      return controller.signal;
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.dueMs <= untilMs; timer = next())
        await fire(timer);
      elapsedMs = untilMs;
    },
    async advanceUntil(isDone, withinMs = 3_600_000) {
      const untilMs = elapsedMs + withinMs;
      await settle();
      while (!isDone()) {
        const timer = next();
        if (timer === undefined || timer.dueMs > untilMs) {
          throw new Error(`still not so after ${withinMs} ms of virtual time`);
        }
        await fire(timer);
      }
    },
    get pendingTimers() {
      return timers.size;
    },
  };
};
