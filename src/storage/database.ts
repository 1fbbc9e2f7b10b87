import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { type ConstructorOptions, type Db, fromKysely } from 'pg-boss';
import type { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { openEmbedded } from './embedded.ts';
import { refusal } from './errors.ts';
import type { Tables } from './tables.ts';

/** Postgres, embedded or on a server. */
export interface Database {
  readonly size: 'embedded' | 'server';
  readonly db: Kysely<Tables>;
  /** For pg-boss on the same database. */
  readonly bossOptions: ConstructorOptions;
  /** Resolves when the database is lost until a restart. */
  readonly lost: Promise<AppError>;
  close(): Promise<void>;
}

/** Shared by jobs and requests. */
const SERVER_CONNECTIONS = 10;
/** pg-boss runs short statements only, and has one more connection to listen on. */
const BOSS_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * A transaction never waits between two statements. An instance that stalls for longer (a paused machine, a lost network)
 * must not keep its locks.
 */
const ABANDONED_AFTER_MS = 30_000;

/** @throws AppError with a sentence for the Parley admin */
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
    // By a statement, since not every connection pooler accepts it as a connection parameter.
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
    // A server may be available again at any time.
    lost: new Promise(() => {}),
    close: () => pool.end(),
  };
};

const kyselyOn = (pool: Pool, log: Log): Kysely<Tables> => {
  // The failing statement reports a broken connection, and the pool replaces it. Without listeners, these events would
  // end the process.
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection broke'));
  pool.on('connect', (client) =>
    client.on('error', (err) => log.warn({ err }, 'a database connection broke')),
  );
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
};

/** Runs pg-boss within one of our transactions. */
export const within = (trx: Kysely<Tables>): Db => fromKysely(trx);
