import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { type ConstructorOptions, type Db, fromKysely } from 'pg-boss';
import type { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { openEmbedded } from './embedded.ts';
import { refusal } from './errors.ts';
import type { Tables } from './tables.ts';

/** One Postgres in either size, and what little differs between the two. */
export interface Database {
  readonly size: 'embedded' | 'server';
  readonly db: Kysely<Tables>;
  /** How pg-boss reaches the same database. */
  readonly bossOptions: ConstructorOptions;
  /** Resolves when it is gone for as long as this process lives, to a sentence for whoever runs Parley. */
  readonly lost: Promise<AppError>;
  close(): Promise<void>;
}

/** Enough for every job and every request at once; the rest waits its turn. */
const SERVER_CONNECTIONS = 10;
/** pg-boss runs short statements only, and has one more connection of its own to listen on. */
const BOSS_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * Between two statements of a transaction nothing is waited for. A copy that stands still for longer (its machine is
 * paused, or its network gone) must not keep what it has locked from all the others.
 */
const ABANDONED_AFTER_MS = 30_000;

/** @throws AppError with a sentence for whoever runs Parley when the database cannot be used at all. */
export const openDatabase = async (options: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly log: Log;
}): Promise<Database> => {
  const { databaseUrl, dataDir, log } = options;
  if (databaseUrl !== null) return openServer(databaseUrl, log);
  const embedded = await openEmbedded(dataDir, log);
  return {
    size: 'embedded',
    db: kyselyOn(embedded.pool, log),
    bossOptions: { db: embedded.forBoss, backend: 'pglite' },
    lost: embedded.lost,
    close: () => embedded.close(),
  };
};

const openServer = async (connectionString: string, log: Log): Promise<Database> => {
  const common = { connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const pool = new Pool({
    ...common,
    max: SERVER_CONNECTIONS,
    keepAlive: true,
    application_name: 'parley',
    // By a statement, since not everything that stands before a database takes it when connecting.
    onConnect: (client) => client.query(`set idle_in_transaction_session_timeout = ${ABANDONED_AFTER_MS}`),
  });
  const db = kyselyOn(pool, log);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw refusal(
      'Parley can’t use the database server at DATABASE_URL. Check that it is running, and the host, user and password.',
      error,
    );
  }
  return {
    size: 'server',
    db,
    bossOptions: { ...common, max: BOSS_CONNECTIONS, application_name: 'parley jobs' },
    // Servers come back.
    lost: new Promise(() => {}),
    close: () => pool.end(),
  };
};

const kyselyOn = (pool: Pool, log: Log): Kysely<Tables> => {
  // A broken connection is replaced at the next need, and whoever was using it is told by the failing statement.
  // Unheard, either of these events would end the process.
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection broke'));
  pool.on('connect', (client) =>
    client.on('error', (err) => log.warn({ err }, 'a database connection broke')),
  );
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
};

/** Makes pg-boss work within a transaction of ours. */
export const within = (trx: Kysely<Tables>): Db => fromKysely(trx);
