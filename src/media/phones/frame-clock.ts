/** Calls everybody who wants it every 20 ms. One for all telephones, so that many wake the process no more often. */
export interface FrameClock {
  /** @param due called once for each frame that is due; must not throw. Returns what ends it, which is idempotent. */
  start(due: () => void): () => void;
}

const FRAME_MS = 20;

/**
 * Frames that come late come together, so that a process that stumbles costs nobody a word: what waits at the network
 * then is caught up with where nobody speaks. No more than half a second of them, which the network would be told to
 * throw away anyhow.
 */
const MOST_AT_ONCE = 25;
/** So many at once mean that the process stood still, and that sound which came meanwhile was not read yet. */
const STUMBLED = 2;

/**
 * Frame n is due 20 n ms after the first, whenever the one before was: timers are late, and lateness must not add up.
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
    // Timers come before what arrived; this lets that come first.
    if (dueNow() >= STUMBLED) reading = setImmediate(call);
    else call();
  };
  const call = (): void => {
    const due = dueNow();
    for (let frame = 0; frame < Math.min(due, MOST_AT_ONCE); frame += 1) {
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
      // The same function may be started twice, and each is ended by itself.
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
