import type { Clock } from '../../../src/core/ports.ts';

interface Timer {
  dueMs: number;
  readonly everyMs: number | null;
  readonly work: () => void;
}

/** At most so much time passes between two ticks: a process that stood still was not given the time either. */
const MAX_STEP_MS = 20;

/**
 * A clock that runs `speed` times as fast as the machine's, for simulators that are driven over real sockets. Time in
 * which this process does not run does not count, so a busy machine cannot make a deadline pass.
 */
export const createFastClock = (speed = 20): Clock => {
  const timers = new Set<Timer>();
  const startMs = Date.now();
  let nowMs = 0;
  let lastTickMs = performance.now();
  let ticking: NodeJS.Timeout | undefined;

  const tick = (): void => {
    const realMs = performance.now();
    nowMs += Math.min(MAX_STEP_MS, (realMs - lastTickMs) * speed);
    lastTickMs = realMs;
    const due = [...timers].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
    for (const timer of due) {
      if (!timers.has(timer)) continue;
      if (timer.everyMs === null) timers.delete(timer);
      else timer.dueMs += timer.everyMs;
      timer.work();
    }
    if (timers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
  const set = (ms: number, work: () => void, everyMs: number | null): (() => void) => {
    const timer = { dueMs: nowMs + ms, everyMs, work };
    timers.add(timer);
    if (ticking === undefined) {
      lastTickMs = performance.now();
      ticking = setInterval(tick, 1);
    }
    return () => void timers.delete(timer);
  };
  return {
    nowMs: () => startMs + Math.floor(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = (): void => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = set(
          ms,
          () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
          null,
        );
        signal?.addEventListener('abort', abort, { once: true });
      }),
    after: (ms, work) => set(ms, work, null),
    every: (ms, work) => set(ms, work, ms),
    timeoutSignal: (ms) => {
      const controller = new AbortController();
      set(ms, () => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), null);
      return controller.signal;
    },
  };
};
