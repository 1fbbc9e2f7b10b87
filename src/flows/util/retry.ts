import { toAppError } from '../../core/error.ts';
import type { Log } from '../../core/ports.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/**
 * Does what must be done and may fail for a while, as when the database is away: again and again, until it works,
 * fails for good, or is given up.
 * @throws what it failed with for good, or last
 */
export const retryUntilAborted = async <T>(
  work: () => Promise<T>,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<T> => {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await work();
    } catch (error) {
      const fault = toAppError(error);
      if (!fault.retryable || signal.aborted) throw fault;
      log.warn({ err: fault }, 'something of a meeting could not be stored and is tried again');
      await waitFor(waitMs, signal);
    }
  }
};

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
