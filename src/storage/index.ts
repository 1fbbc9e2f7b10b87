import type { AppError } from '../core/error.ts';
import type { Log, Queue, Store, WallClock } from '../core/ports.ts';
import { openDatabase } from './database.ts';
import { toStorageError } from './errors.ts';
import { requeueActive, startBoss } from './jobs/boss.ts';
import { createQueue } from './jobs/queue.ts';
import { RETRY_DELAYS_MS } from './jobs/retry-delays.ts';
import { migrate } from './migrations.ts';
import { createStore } from './store.ts';

export interface Storage {
  readonly store: Store;
  readonly queue: Queue;
  /**
   * Resolves when the embedded database failed, to a sentence for the Parley admin. Every call then fails, and the
   * process should end. Never with a server.
   */
  readonly lost: Promise<AppError>;
  /** Closes the database. Stop the queue first: running jobs are cut off here. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the store and the queue over one Postgres: the server at `databaseUrl`, or without one an embedded
 * database with its files in `dataDir`, which is created when missing and locked until `close`. When this resolves, the
 * tables are up to date and jobs can be enqueued; `queue.work` starts working on them.
 *
 * `jobs.retryDelaysMs` are the waits after the first failed attempt, the second, and so on; by default five waits
 * from 2 s to 10 min. A job has one attempt more than there are waits.
 *
 * @throws AppError with a sentence for the Parley admin: the directory is in use by another process, the server does not
 * answer, or the database was written by a newer version of Parley.
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
    await database.unhurried((db) => migrate(db));
    const boss = await startBoss(database, log);
    if (database.size === 'embedded') {
      const requeued = await requeueActive(boss, database);
      if (requeued > 0) log.info({ jobs: requeued }, 'interrupted jobs requeued');
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
