import { toAppError } from '../../core/error.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Clock, Log, Store, Tx } from '../../core/ports.ts';
import { backoffMs, retry, untilDone } from '../../core/retry.ts';

/** What a running meeting stores: repeated until it is stored, fails for good, or is given up. */
export interface MeetingWrites {
  /** @throws AppError when it cannot be stored */
  readonly persist: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /**
   * Repeats `work` until it is stored or given up, also when the database refuses it for good: for as long as
   * `onRefused` says so.
   */
  readonly retryUntilStored: (work: (tx: Tx) => Promise<void>, onRefused: () => boolean) => Promise<void>;
  /** `persist` after everything that was queued before. A failure is logged. */
  enqueue(work: (tx: Tx) => Promise<void>): void;
  /** Resolves when the queue is empty. */
  flushed(): Promise<void>;
  /** Fails what cannot be stored at once. */
  readonly giveUp: () => void;
}

/** Short, since words that are not stored yet are lost with the process. */
const WAITS = { firstMs: 250, longestMs: 4_000 };

export const createMeetingWrites = (
  { store, clock, log }: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  id: ConversationId,
): MeetingWrites => {
  const givingUp = new AbortController();
  let queue = Promise.resolve();

  const persist = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    retry(() => store.transact(work), {
      clock,
      signal: givingUp.signal,
      waitAfter: untilDone(log, 'a change of a meeting could not be stored yet'),
    });

  return {
    persist,
    retryUntilStored: (work, onRefused) =>
      retry(() => store.transact(work), {
        clock,
        signal: givingUp.signal,
        waitAfter(error, attempt) {
          const fault = toAppError(error);
          if (!fault.retryable && !onRefused()) return null;
          log.warn({ err: fault, attempt, conversation: id }, 'captions could not be stored yet');
          return backoffMs(attempt, WAITS);
        },
      }),
    enqueue(work) {
      queue = queue.then(() =>
        persist(work).catch((error: unknown) =>
          log.error({ err: error, conversation: id }, 'a change of a meeting could not be stored'),
        ),
      );
    },
    flushed: () => queue,
    giveUp: () => givingUp.abort(),
  };
};
