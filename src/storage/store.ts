import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Store } from '../core/ports.ts';
import { isConflict, toStorageError } from './errors.ts';
import type { Tables } from './tables.ts';
import { createTx, type Enqueue } from './tx.ts';

/** Conflicts are rare and short. */
const MAX_ATTEMPTS = 5;
/** A slower database does not count as ready. */
const CHECK_TIMEOUT_MS = 3_000;

/**
 * The Store port over `db`. `work` of `transact` runs again after a conflict with another transaction, so it must only use
 * its `tx` and compute.
 */
export const createStore = (db: Kysely<Tables>, enqueue: Enqueue): Store => {
  const transaction = new AsyncLocalStorage<{ open: boolean }>();
  let checking: Promise<boolean> | null = null;

  const once = async <T>(work: (trx: Kysely<Tables>) => Promise<T>): Promise<T> => {
    const current = { open: true };
    let thrown: { error: unknown } | undefined;
    try {
      return await transaction.run(current, () =>
        db.transaction().execute(async (trx) => {
          try {
            return await work(trx);
          } catch (error) {
            thrown = { error };
            throw error;
          }
        }),
      );
    } catch (error) {
      // Errors of `work` are the caller's. All others are the database's: no connection, a failed commit.
      throw thrown?.error === error ? error : toStorageError(error);
    } finally {
      current.open = false;
    }
  };

  return {
    transact: async (work) => {
      // On the embedded database's only connection this would wait for itself for ever; on a server half of the work
      // would survive a rollback.
      if (transaction.getStore()?.open)
        throw toStorageError(new TypeError('a transaction was begun within another'));
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once((trx) => work(createTx(trx, enqueue)));
        } catch (error) {
          if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
        }
      }
    },

    check: async () => {
      // One at a time, so that checks without an answer do not take the connections of everything else.
      checking ??= takesWrites(db)
        .catch(() => false)
        .finally(() => {
          checking = null;
        });
      const timeout = new AbortController();
      try {
        return await Promise.race([
          checking,
          sleep(CHECK_TIMEOUT_MS, false, { signal: timeout.signal, ref: false }),
        ]);
      } finally {
        timeout.abort();
      }
    },
  };
};

/** By a statement that changes nothing: a server that takes no writes refuses it, and so its connection is left. */
const takesWrites = async (db: Kysely<Tables>): Promise<boolean> => {
  await sql`update conversation set id = id where false`.execute(db);
  return true;
};
