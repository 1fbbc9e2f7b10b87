import type { Clock } from '../../src/core/ports.ts';

/** Resolves after this time, or early when aborted. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  clock.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
