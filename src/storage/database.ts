import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import { type ConstructorOptions, type Db, fromKysely } from 'pg-boss';
import type { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { openEmbedded } from './embedded.ts';
import { openServer } from './server.ts';
import type { Tables } from './tables.ts';

/** Postgres, embedded or on a server. */
export interface Database {
  readonly size: 'embedded' | 'server';
  readonly db: Kysely<Tables>;
  /** Work whose statements may take any time: changes of the tables. */
  unhurried<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** For pg-boss on the same database. */
  readonly bossOptions: ConstructorOptions;
  /** Resolves when the database is lost until a restart. */
  readonly lost: Promise<AppError>;
  close(): Promise<void>;
}

/** @throws AppError with a sentence for the Parley admin */
export const openDatabase = async (options: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly log: Log;
}): Promise<Database> => {
  const { databaseUrl, dataDir, log } = options;
  if (databaseUrl !== null) return onServer(databaseUrl, log);
  const embedded = await openEmbedded(dataDir, log);
  const db = kyselyOn(embedded.pool);
  return {
    size: 'embedded',
    db,
    unhurried: (work) => work(db),
    bossOptions: { db: embedded.forBoss, backend: 'pglite' },
    lost: embedded.lost,
    close: () => embedded.close(),
  };
};

const onServer = async (connectionString: string, log: Log): Promise<Database> => {
  const server = await openServer(connectionString, log);
  return {
    size: 'server',
    db: kyselyOn(server.pool),
    bossOptions: server.forBoss,
    async unhurried(work) {
      const pool = server.unhurried();
      try {
        return await work(kyselyOn(pool));
      } finally {
        await pool.end();
      }
    },
    // A server may be available again at any time.
    lost: new Promise(() => {}),
    close: () => server.close(),
  };
};

const kyselyOn = (pool: PostgresPool): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

/** Runs pg-boss within one of our transactions. */
export const within = (trx: Kysely<Tables>): Db => fromKysely(trx);
