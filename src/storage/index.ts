import type { AppError } from '../core/error.ts';
import type { Log, Queue, Store, WallClock } from '../core/ports.ts';
import { openDatabase } from './database.ts';
import { toStorageError } from './errors.ts';
import { reclaimFromTheDead, startBoss } from './jobs/boss.ts';
import { createQueue } from './jobs/queue.ts';
import { RETRY_DELAYS_MS } from './jobs/retry-delays.ts';
import { migrate } from './migrations.ts';
import { createStore } from './store.ts';

export interface Storage {
  readonly store: Store;
  readonly queue: Queue;
  /**
   * Resolves when the database is gone for as long as this process lives, to a sentence for whoever runs Parley: the
   * embedded one has failed. Everything asked of it fails then, and the process should end. Never with a server.
   */
  readonly lost: Promise<AppError>;
  /** Closes the database. Stop the queue first: what still runs is cut off here. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the store and the queue over one Postgres: the server at `databaseUrl`, or without one an embedded
 * database whose files live in `dataDir`, which is made when missing and belongs to this process until `close`.
 * When this resolves the tables are up to date and jobs can be enqueued; `queue.work` starts working on them.
 *
 * `jobs.retryDelaysMs` are the waits after the first failed attempt, the second, and so on; by default five waits
 * from 2 s to 10 min. A job has one attempt more than there are waits.
 *
 * @throws AppError with a sentence for whoever runs Parley: the directory is in use by another process, the
 * server does not answer, the database was written by a newer Parley.
 */
export const openStorage = async (options: {
  readonly databaseUrl?: string | null;
  readonly dataDir: string;
  readonly clock: WallClock;
  readonly log: Log;
  readonly jobs?: { readonly retryDelaysMs?: readonly number[] };
}): Promise<Storage> => {
  const { dataDir, clock, log } = options;
  const database = await openDatabase({ databaseUrl: options.databaseUrl ?? null, dataDir, log });
  try {
    await migrate(database.db);
    const boss = await startBoss(database, log);
    if (database.size === 'embedded') {
      const reclaimed = await reclaimFromTheDead(boss, database);
      if (reclaimed > 0) log.info({ jobs: reclaimed }, 'jobs that were cut off begin again');
    }
    const { queue, enqueue } = createQueue({
      boss,
      database,
      clock,
      log,
      retryDelaysMs: options.jobs?.retryDelaysMs ?? RETRY_DELAYS_MS,
    });
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await boss.stop({ graceful: false });
      await database.close();
    };
    return {
      store: createStore(database.db, enqueue),
      queue,
      lost: database.lost,
      close: () => (closed ??= close()),
    };
  } catch (error) {
    await database.close().catch(() => undefined);
    throw toStorageError(error);
  }
};
