import { type AppError, toAppError } from '../../core/error.ts';
import type { Log } from '../../core/ports.ts';

/** Writes something that changes often, one write after the other, at a pace that the other side allows. */
export interface ThrottledWriter {
  /** There is something to write, now or as soon as the pace allows. */
  due(): void;
  /** Nothing is written after this resolves. What is left unwritten is for whoever closes to write. */
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 2_000;
/** Also after a refusal: what stands against it may be mended while the meeting runs. */
const LONGEST_WAIT_MS = 60_000;

/** @param options.write writes what is due; true when more is. A failed write is due again. */
export const createThrottledWriter = (options: {
  readonly everyMs: number;
  readonly write: () => Promise<boolean>;
  readonly log: Log;
}): ThrottledWriter => {
  let isDue = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let closed = false;

  const waitAfter = (error: AppError): number => {
    failures += 1;
    if (!error.retryable) return LONGEST_WAIT_MS;
    const waitMs = error.retryAfterMs ?? Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
    return Math.max(options.everyMs, waitMs);
  };

  const attempt = async (): Promise<number> => {
    isDue = false;
    try {
      const more = await options.write();
      isDue ||= more;
      failures = 0;
      return options.everyMs;
    } catch (error) {
      isDue = true;
      const fault = toAppError(error);
      options.log.warn({ err: fault }, 'a message of a meeting is written later');
      return waitAfter(fault);
    }
  };

  const run = (): void => {
    timer = null;
    if (closed || !isDue || running !== null) return;
    running = attempt().then((waitMs) => {
      running = null;
      if (!closed) timer = setTimeout(run, waitMs);
    });
  };

  return {
    due() {
      isDue = true;
      if (timer === null) run();
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
};
