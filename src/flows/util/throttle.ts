import { type AppError, toAppError } from '../../core/error.ts';
import type { WorkspaceId } from '../../core/ids.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { CancelTimer, Clock, Log } from '../../core/ports.ts';
import { backoffMs } from '../../core/retry.ts';
import type { EditBudget } from './edit-budget.ts';

/** Writes something that changes often, one write at a time, at a pace that the other side allows. */
export interface ThrottledWriter {
  /** Writes what is there, now or as soon as the pace allows. */
  schedule(): void;
  /** No write begins or goes on after this resolves; what is unwritten is the caller's to write. Idempotent. */
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 2_000;
/** Also after a refusal: its cause may be fixed while the meeting runs. */
const LONGEST_WAIT_MS = 60_000;

/** @param options.write writes the latest; resolves with whether there is more. A failed write is repeated later. */
export const createThrottledWriter = (options: {
  readonly everyMs: number;
  readonly write: () => Promise<boolean>;
  readonly workspaceId: WorkspaceId;
  readonly edits: EditBudget;
  readonly clock: Clock;
  readonly log: Log;
}): ThrottledWriter => {
  const { everyMs, write, workspaceId, edits, clock, log } = options;
  let isDue = false;
  let changedAtMs = clock.monotonicMs();
  let running: Promise<void> | null = null;
  let cancelWait: CancelTimer | null = null;
  let cancelTurn: CancelTimer | null = null;
  let failures = 0;
  let closed = false;

  const waitAfter = (error: AppError): number => {
    failures += 1;
    if (!error.retryable) return LONGEST_WAIT_MS;
    if (error.retryAfterMs !== undefined) edits.hold(workspaceId, error.retryAfterMs);
    const waitMs =
      error.retryAfterMs ?? backoffMs(failures, { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS });
    return Math.max(everyMs, waitMs);
  };

  /** Resolves with the wait until the next write. */
  const attempt = async (): Promise<number> => {
    isDue = false;
    try {
      const more = await write();
      isDue ||= more;
      failures = 0;
      return everyMs;
    } catch (error) {
      isDue = true;
      const fault = toAppError(error);
      logFailure(log, fault, {}, 'a message is written later', 'warn');
      return waitAfter(fault);
    }
  };

  const run = (): void => {
    cancelTurn = null;
    running = attempt().then((waitMs) => {
      running = null;
      if (!closed) cancelWait = clock.after(waitMs, askForTurn);
    });
  };

  const askForTurn = (): void => {
    cancelWait = null;
    if (closed || !isDue || running !== null || cancelTurn !== null) return;
    const cancel = edits.request(workspaceId, { changedAtMs: () => changedAtMs, go: run });
    // It may have been its turn at once.
    if (running === null) cancelTurn = cancel;
  };

  return {
    schedule() {
      isDue = true;
      changedAtMs = clock.monotonicMs();
      if (cancelWait === null) askForTurn();
    },
    async close() {
      closed = true;
      cancelWait?.();
      cancelTurn?.();
      await running;
    },
  };
};
