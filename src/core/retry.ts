import { toAppError } from './error.ts';
import type { Clock, Log } from './ports.ts';

/** How long to wait after a failed attempt, counted from 1; null when there is to be no other. */
type WaitAfter = (error: unknown, attempt: number) => number | null;

/**
 * Runs `work` until it succeeds, `waitAfter` ends it, or `signal` is aborted.
 * @throws what the last attempt failed with
 */
export const retry = async <T>(
  work: (attempt: number) => Promise<T>,
  options: {
    readonly clock: Pick<Clock, 'sleep'>;
    readonly waitAfter: WaitAfter;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<T> => {
  const { clock, waitAfter, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const waitMs = signal?.aborted ? null : waitAfter(error, attempt);
      if (waitMs === null) throw error;
      await clock.sleep(waitMs, signal).catch(() => Promise.reject(error));
    }
  }
};

/** `firstMs`, doubled with each attempt, and never more than `longestMs`. */
export const backoffMs = (
  attempt: number,
  { firstMs, longestMs }: { readonly firstMs: number; readonly longestMs: number },
): number => Math.min(firstMs * 2 ** (attempt - 1), longestMs);

/** Retries whatever may pass, for as long as the signal lasts: work that must be done although the database is away. */
export const untilDone =
  (log: Log, what: string): WaitAfter =>
  (error, attempt) => {
    const fault = toAppError(error);
    if (!fault.retryable) return null;
    log.warn({ err: fault, attempt }, what);
    return backoffMs(attempt, { firstMs: 250, longestMs: 10_000 });
  };
