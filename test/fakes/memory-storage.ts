import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Store, Tx } from '../../src/core/ports.ts';
import { toStorageError } from '../../src/storage/errors.ts';
import type { Storage } from '../../src/storage/index.ts';
import { RETRY_DELAYS_MS } from '../../src/storage/jobs/retry-delays.ts';
import { createMemoryJobs, createMemoryQueue, type MemoryJobs } from './memory-queue.ts';
import { draftOf, emptyTables, type Tables } from './memory-rows.ts';
import { createMemoryTx, type EnqueuedJob } from './memory-tx.ts';

/** A database in memory, which several instances may open. */
export interface MemoryDatabase {
  /** `jobs.retryDelaysMs` as for `openStorage`. */
  open(options?: { readonly retryDelaysMs?: readonly number[] | undefined }): Storage;
  readonly jobs: MemoryJobs;
}

/**
 * The Store and Queue ports over maps, in the time of `clock`: for tests that need no database. Transactions run one
 * after the other, as in the embedded database.
 */
export const createMemoryDatabase = (clock: Clock): MemoryDatabase => {
  let committed: Tables = emptyTables();
  let previous: Promise<unknown> = Promise.resolve();
  const jobs = createMemoryJobs(clock);

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = previous.then(work);
    previous = result.catch(() => undefined);
    return result;
  };

  const once = <T>(
    work: (tx: Tx) => Promise<T>,
  ): Promise<{ readonly result: T; readonly enqueued: readonly EnqueuedJob[] }> =>
    inTurn(async () => {
      const draft = draftOf(committed);
      const enqueued: EnqueuedJob[] = [];
      const result = await work(createMemoryTx(draft, clock, (job) => enqueued.push(job)));
      committed = draft;
      return { result, enqueued };
    });

  return {
    jobs,
    open(options = {}) {
      const transaction = new AsyncLocalStorage<{ open: boolean }>();
      let isOpen = true;
      const store: Store = {
        transact: async (work) => {
          if (!isOpen) throw toStorageError(new Error('the database is closed'));
          if (transaction.getStore()?.open) {
            throw toStorageError(new TypeError('a transaction was begun within another'));
          }
          const current = { open: true };
          try {
            const { result, enqueued } = await transaction.run(current, () => once(work));
            jobs.add(enqueued);
            return result;
          } finally {
            current.open = false;
          }
        },
        check: async () => isOpen,
      };
      const queue = createMemoryQueue(jobs, clock, options.retryDelaysMs ?? RETRY_DELAYS_MS);
      return {
        store,
        queue,
        lost: new Promise(() => {}),
        close: async () => {
          isOpen = false;
          queue.abandon();
        },
      };
    },
  };
};

/** One instance on a database of its own. */
export const createMemoryStorage = (clock: Clock): Storage => createMemoryDatabase(clock).open();
