/** Calls its listeners every 20 ms. One for all phones, so that many wake the process no more often than one. */
export interface FrameClock {
  /** @param due called once for each frame that is due; must not throw. Returns what stops it, which is idempotent. */
  start(due: () => void): () => void;
}

const FRAME_MS = 20;

/**
 * Late frames are sent together, so that a process that stalls loses no words; the phone's buffer shrinks again during
 * silence. At most half a second of them: the phone provider would be told to drop more.
 */
const MAX_AT_ONCE = 25;
/** So many at once mean that the process stalled, and has not read the audio that arrived meanwhile. */
const STALLED = 2;

/**
 * Frame n is due 20 n ms after the first, however late the one before was: delays must not add up.
 * @param nowMs monotonic
 */
export const createFrameClock = (nowMs: () => number): FrameClock => {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let reading: NodeJS.Immediate | undefined;
  let nextMs = 0;

  const wait = (): void => {
    timer = setTimeout(wake, Math.max(0, nextMs - nowMs()));
  };
  const dueNow = (): number => Math.floor((nowMs() - nextMs) / FRAME_MS) + 1;
  const wake = (): void => {
    // Timers run before sockets are read; this lets the audio be read first.
    if (dueNow() >= STALLED) reading = setImmediate(call);
    else call();
  };
  const call = (): void => {
    const due = dueNow();
    for (let frame = 0; frame < Math.min(due, MAX_AT_ONCE); frame += 1) {
      for (const listener of listeners) listener();
    }
    // A timer may also be early, by less than a millisecond.
    nextMs += Math.max(0, due) * FRAME_MS;
    if (listeners.size > 0) wait();
  };
  const stop = (): void => {
    clearTimeout(timer);
    clearImmediate(reading);
  };

  return {
    start(due) {
      // The same function may be started twice, and each is stopped by itself.
      const listener = (): void => due();
      listeners.add(listener);
      if (listeners.size === 1) {
        nextMs = nowMs() + FRAME_MS;
        stop();
        wait();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
};
