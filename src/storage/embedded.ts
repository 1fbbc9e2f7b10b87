import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { Pool, type PoolClient } from 'pg';
import type { Db } from 'pg-boss';
import { lockDirectory } from './directory-lock.ts';
import { refusal } from './errors.ts';

/** Postgres in this process, its files in a directory that nobody else may open meanwhile. */
export interface EmbeddedPostgres {
  /**
   * The one connection there is, as a pool of one. Whoever has it has the database: it must not ask for another
   * before giving it back.
   */
  readonly pool: Pool;
  /** The same connection for pg-boss. Statements wait for the pool, so they never land inside a transaction of ours. */
  readonly forBoss: Db;
  close(): Promise<void>;
}

/**
 * Opens the database under `dataDir`, and makes it at the first start.
 * @throws AppError when the directory is in use or cannot be written.
 */
export const openEmbedded = async (dataDir: string): Promise<EmbeddedPostgres> => {
  const lock = lockDirectory(dataDir);
  try {
    const pglite = await openPglite(dataDir);
    // An idle connection is kept for ever: there is nothing to save by closing it.
    const pool = new Pool(Object.assign(createPgConfig(pglite), { max: 1, idleTimeoutMillis: 0 }));
    return {
      pool,
      forBoss: forBoss(pool, pglite),
      close: async () => {
        await pool.end();
        await pglite.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw refusal(`Parley cannot open the database in its data directory ${dataDir}.`, error);
  }
};

const openPglite = async (dataDir: string): Promise<PGlite> => {
  const files = join(dataDir, 'postgres');
  const unfinished = join(dataDir, 'postgres.unfinished');
  // A process that was killed while it made the database leaves files that look like one and do not open. The
  // mark says so; nothing can have been stored in them yet. Without the mark nothing is ever deleted.
  if (existsSync(unfinished)) rmSync(files, { recursive: true, force: true });
  if (existsSync(files)) return PGlite.create(files);
  writeFileSync(unfinished, '');
  const pglite = await PGlite.create(files);
  rmSync(unfinished);
  return pglite;
};

const forBoss = (pool: Pool, pglite: PGlite): Db => ({
  executeSql: async (text, values) => {
    const client = await pool.connect();
    try {
      const result: QueryResults = await client.query(text, values);
      return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result;
    } catch (error) {
      await leaveTransaction(client);
      throw error;
    } finally {
      client.release();
    }
  },
  listen: async (channel, onNotification, onReconnect) => {
    const unsubscribe = pglite.onNotification((from, payload) => {
      if (from === channel) onNotification(payload);
    });
    await pool.query(`listen "${channel.replaceAll('"', '""')}"`);
    // There is no network in between, so this is the only time that there was nobody listening.
    onReconnect();
    return { close: async () => unsubscribe() };
  },
});

/** pg answers several statements at once with several results, which its types do not tell. */
type QueryResults = { rows: unknown[] } | { rows: unknown[] }[];

/**
 * pg-boss sends some transactions as one text and counts on a failed connection being thrown away. This one
 * cannot be, so the broken transaction is ended here. Outside of one it does nothing.
 */
const leaveTransaction = async (client: PoolClient): Promise<void> => {
  await client.query('rollback').catch(() => undefined);
};
