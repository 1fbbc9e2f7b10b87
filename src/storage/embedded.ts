import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notification, Pool } from 'pg';
import type { Db } from 'pg-boss';
import type { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { lockDirectory } from './directory-lock.ts';
import { type DatabaseThread, startDatabaseThread } from './embedded/thread.ts';
import { refusal } from './errors.ts';
import { openPool } from './pool.ts';

/** Postgres in a thread of this process, with its files in a locked directory. */
export interface EmbeddedPostgres {
  /**
   * The only connection, as a pool of one. Its holder must not request another before releasing it.
   */
  readonly pool: Pool;
  /** The same connection for pg-boss. Statements wait for the pool, and so never run inside one of our transactions. */
  readonly forBoss: Db;
  /** Resolves when the database ended unexpectedly. Every statement then fails. */
  readonly lost: Promise<AppError>;
  /** Waits for running transactions; no new one begins. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the database under `dataDir`, and creates it at the first start.
 * @throws AppError when the directory is in use or cannot be written.
 */
export const openEmbedded = async (dataDir: string, log: Log): Promise<EmbeddedPostgres> => {
  const lock = lockDirectory(dataDir);
  try {
    const thread = await openThread(dataDir);
    const pool = poolOn(thread, log);
    const close = async (): Promise<void> => {
      await pool.end();
      await thread.close();
      lock.release();
    };
    let closed: Promise<void> | undefined;
    return {
      pool,
      forBoss: forBoss(pool),
      lost: thread.lost.then((err) => {
        log.error({ err }, 'the thread of the embedded database ended');
        return refusal('Parley’s database has failed. Nothing stored is lost: start Parley again.', err);
      }),
      close: () => (closed ??= close()),
    };
  } catch (error) {
    lock.release();
    throw refusal(`Parley can’t open the database in its data directory ${dataDir}.`, error);
  }
};

/** Explicit, so that the environment's settings for servers have no effect. */
const poolOn = (thread: DatabaseThread, log: Log): Pool =>
  openPool(
    {
      stream: () => thread.connect(),
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      max: 1,
      // An idle connection is kept for ever: there is nothing to save by closing it.
      idleTimeoutMillis: 0,
    },
    log,
  );

const openThread = async (dataDir: string): Promise<DatabaseThread> => {
  const files = join(dataDir, 'postgres');
  const unfinished = join(dataDir, 'postgres.unfinished');
  // A process that was killed while it created the database leaves files that do not open. The mark identifies them;
  // nothing was stored yet. Without the mark nothing is ever deleted.
  if (existsSync(unfinished)) rmSync(files, { recursive: true, force: true });
  if (!existsSync(files)) {
    writeFileSync(unfinished, '');
    // Creating a database leaves some 300 MB of garbage, which ends with its thread.
    await (await startDatabaseThread(files)).close();
    rmSync(unfinished);
  }
  return startDatabaseThread(files);
};

const forBoss = (pool: Pool): Db => {
  const listeners = new Set<(notification: Notification) => void>();
  pool.on('connect', (client) =>
    client.on('notification', (notification) => {
      for (const listener of listeners) listener(notification);
    }),
  );
  return {
    executeSql: async (text, values) => {
      const client = await pool.connect();
      // pg-boss sends some transactions as one text, and counts on the connection of one that failed being thrown
      // away. The next connection begins outside of it.
      let discard = true;
      try {
        const result: QueryResults = await client.query(text, values);
        discard = false;
        return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result;
      } finally {
        client.release(discard);
      }
    },
    listen: async (channel, onNotification, onReconnect) => {
      const listener = ({ channel: from, payload = '' }: Notification): void => {
        if (from === channel) onNotification(payload);
      };
      listeners.add(listener);
      await pool.query(`listen "${channel.replaceAll('"', '""')}"`);
      // The session outlives connections, so no notification is missed later.
      onReconnect();
      return { close: async () => void listeners.delete(listener) };
    },
  };
};

/** pg returns several results for several statements, which its types omit. */
type QueryResults = { rows: unknown[] } | { rows: unknown[] }[];
