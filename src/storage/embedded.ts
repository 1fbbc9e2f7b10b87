import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Notification, Pool } from 'pg';
import type { Db } from 'pg-boss';
import type { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { lockDirectory } from './directory-lock.ts';
import { type DatabaseThread, startDatabaseThread } from './embedded/thread.ts';
import { refusal } from './errors.ts';

/** Postgres in a thread of this process, its files in a directory that nobody else may open meanwhile. */
export interface EmbeddedPostgres {
  /**
   * The one connection there is, as a pool of one. Whoever has it has the database: it must not ask for another
   * before giving it back.
   */
  readonly pool: Pool;
  /** The same connection for pg-boss. Statements wait for the pool, so they never land inside a transaction of ours. */
  readonly forBoss: Db;
  /** Resolves when the database ended by itself, to a sentence for whoever runs Parley. Every statement then fails. */
  readonly lost: Promise<AppError>;
  /** Waits for the transactions that run; none begins any more. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the database under `dataDir`, and makes it at the first start.
 * @throws AppError when the directory is in use or cannot be written.
 */
export const openEmbedded = async (dataDir: string, log: Log): Promise<EmbeddedPostgres> => {
  const lock = lockDirectory(dataDir);
  try {
    const thread = await openThread(dataDir);
    const pool = poolOn(thread);
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

/** What a server would be told by an address; the environment's own settings for servers have no say here. */
const poolOn = (thread: DatabaseThread): Pool =>
  new Pool({
    stream: () => thread.connect(),
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    max: 1,
    // An idle connection is kept for ever: there is nothing to save by closing it.
    idleTimeoutMillis: 0,
  });

const openThread = async (dataDir: string): Promise<DatabaseThread> => {
  const files = join(dataDir, 'postgres');
  const unfinished = join(dataDir, 'postgres.unfinished');
  // A process that was killed while it made the database leaves files that look like one and do not open. The
  // mark says so; nothing can have been stored in them yet. Without the mark nothing is ever deleted.
  if (existsSync(unfinished)) rmSync(files, { recursive: true, force: true });
  if (!existsSync(files)) {
    writeFileSync(unfinished, '');
    // Making a database leaves some 300 MB of garbage, which the end of a thread takes away.
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
      // The session outlives connections, so this is the only time that there was nobody listening.
      onReconnect();
      return { close: async () => void listeners.delete(listener) };
    },
  };
};

/** pg answers several statements at once with several results, which its types do not tell. */
type QueryResults = { rows: unknown[] } | { rows: unknown[] }[];
