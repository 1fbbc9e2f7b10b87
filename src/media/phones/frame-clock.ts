/** Calls everybody who wants it every 20 ms. One for all telephones, so that many wake the process no more often. */
export interface FrameClock {
  /** @param due called once for each frame that is due; must not throw. Returns what ends it, which is idempotent. */
  start(due: () => void): () => void;
}

export const FRAME_MS = 20;

/**
 * Frames that come late come together, but no more than this: a telephone that was given nothing for longer has been
 * silent for so long, and would only hear everything later from then on.
 */
const MOST_AT_ONCE = 3;

/**
 * Frame n is due 20 n ms after the first, whenever the one before was: timers are late, and lateness must not add up.
 * @param nowMs monotonic
 */
export const createFrameClock = (nowMs: () => number): FrameClock => {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let nextMs = 0;

  const wait = (): void => {
    timer = setTimeout(wake, Math.max(0, nextMs - nowMs()));
  };
  const wake = (): void => {
    const due = Math.floor((nowMs() - nextMs) / FRAME_MS) + 1;
    for (let frame = 0; frame < Math.min(due, MOST_AT_ONCE); frame += 1) {
      for (const listener of listeners) listener();
    }
    // A timer may also be early, by less than a millisecond.
    nextMs += Math.max(0, due) * FRAME_MS;
    if (listeners.size > 0) wait();
  };

  return {
    start(due) {
      // The same function may be started twice, and each is ended by itself.
      const listener = (): void => due();
      listeners.add(listener);
      if (listeners.size === 1) {
        nextMs = nowMs() + FRAME_MS;
        clearTimeout(timer);
        wait();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
  };
};
