import { toAppError } from '../../core/error.ts';

/** Slack sends an event three times more: at once, after a minute, after five. */
const LAST_RETRY = 3;

/**
 * Whether to let Slack send the event again instead of answering its failure: it counts as delivered only once
 * its listener has ended well (see `receiver.ts`), and what is in the database already is not taken twice.
 */
export const willComeAgain = (error: unknown, retryNum: number | undefined): boolean =>
  toAppError(error).retryable && (retryNum ?? 0) < LAST_RETRY;
