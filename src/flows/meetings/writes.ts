import type { ConversationId } from '../../core/ids.ts';
import type { Clock, Log, Store, Tx } from '../../core/ports.ts';
import { retry, untilDone } from '../../core/retry.ts';

/** What a running meeting stores: repeated until it is stored, fails for good, or is given up. */
export interface MeetingWrites {
  /** @throws AppError when it cannot be stored */
  readonly persist: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** `persist` after everything that was queued before. A failure is logged. */
  enqueue(work: (tx: Tx) => Promise<void>): void;
  /** Resolves when the queue is empty. */
  flushed(): Promise<void>;
  /** Fails what cannot be stored at once. */
  readonly giveUp: () => void;
}

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
