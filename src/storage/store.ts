import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Store } from '../core/ports.ts';
import { isConflict, toStorageError } from './errors.ts';
import type { Tables } from './tables.ts';
import { createTx, type Enqueue } from './tx.ts';

/** Conflicts are rare and short. Losing this often in a row means something else is wrong. */
const TRIES = 5;
/** A database that is slower than this is not one to take requests with. */
const CHECK_TIMEOUT_MS = 5_000;

/**
 * The Store port over `db`. `work` of `transact` runs again when the database says that it got in another
 * transaction's way, so it must do nothing but ask its `tx` and compute.
 */
export const createStore = (db: Kysely<Tables>, enqueue: Enqueue): Store => {
  const around = new AsyncLocalStorage<{ open: boolean }>();

  const once = async <T>(work: (trx: Kysely<Tables>) => Promise<T>): Promise<T> => {
    const here = { open: true };
    let ofWork: { error: unknown } | undefined;
    try {
      return await around.run(here, () =>
        db.transaction().execute(async (trx) => {
          try {
            return await work(trx);
          } catch (error) {
            ofWork = { error };
            throw error;
          }
        }),
      );
    } catch (error) {
      // What `work` threw by itself is its caller's to understand. All else is the database's: no connection, a
      // commit that failed.
      throw ofWork?.error === error ? error : toStorageError(error);
    } finally {
      here.open = false;
    }
  };

  return {
    transact: async (work) => {
      // The embedded database has one connection, so this would wait for itself for ever. The server would let it
      // pass, and half of the work would survive a rollback; so neither does.
      if (around.getStore()?.open)
        throw toStorageError(new TypeError('a transaction was begun within another'));
      for (let tries = 1; ; tries += 1) {
        try {
          return await once((trx) => work(createTx(trx, enqueue)));
        } catch (error) {
          if (!isConflict(error) || tries === TRIES) throw error;
        }
      }
    },

    check: async () => {
      const timeout = new AbortController();
      try {
        const answer = sql`select 1`.execute(db).then(
          () => true,
          () => false,
        );
        return await Promise.race([
          answer,
          sleep(CHECK_TIMEOUT_MS, false, { signal: timeout.signal, ref: false }),
        ]);
      } finally {
        timeout.abort();
      }
    },
  };
};
