import type { PostgresPool } from 'kysely';
import type { Client, ClientBase, Pool, PoolConfig } from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import type { Log } from '../core/ports.ts';
import { isReadOnly, refusal } from './errors.ts';
import { openPool } from './pool.ts';

/** Postgres on a server, which may vanish without a word, and be replaced by another at the same address. */
export interface ServerPostgres {
  readonly pool: PostgresPool;
  /** A connection of its own, whose statements may take any time. The caller ends it. */
  unhurried(): Pool;
  readonly forBoss: ConstructorOptions;
  close(): Promise<void>;
}

/** Shared by jobs and requests. */
const CONNECTIONS = 10;
/** pg-boss runs short statements only, and has one more connection to listen on. */
const BOSS_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 8_000;
/** The server ends a statement that takes longer. Longer than any, also where each takes seconds. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** A connection on which a statement has no answer for so long leads to no server any more. */
const ANSWER_TIMEOUT_MS = 12_000;
/**
 * A transaction never waits between two statements. An instance that stalls for longer (a paused machine, a lost network)
 * must not keep its locks.
 */
const ABANDONED_AFTER_MS = 30_000;
/** For a server that still answers, and to which the address does not lead any more. */
const LIFE_S = 300;
/** Before the first probe of an idle connection, which the system repeats until it gives the connection up. */
const KEEP_ALIVE_MS = 10_000;

/** @throws AppError with a sentence for the Parley admin */
export const openServer = async (connectionString: string, log: Log): Promise<ServerPostgres> => {
  const common = {
    connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  } satisfies PoolConfig;
  const pool = openPool(
    {
      ...common,
      max: CONNECTIONS,
      maxLifetimeSeconds: LIFE_S,
      application_name: 'parley',
      // By statements, since not every connection pooler accepts them as connection parameters.
      onConnect: (client) =>
        answered(client, () =>
          client.query(
            `set idle_in_transaction_session_timeout = ${ABANDONED_AFTER_MS}; set statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
          ),
        ),
    },
    log,
  );
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw refusal(
      'Parley can’t use the database server at DATABASE_URL. Check that it is running, and the host, user and password.',
      error,
    );
  }
  const boss = {
    ...common,
    max: BOSS_CONNECTIONS,
    maxLifetimeSeconds: LIFE_S,
    application_name: 'parley jobs',
    // pg-boss gives up a connection on which a statement failed, also by this.
    query_timeout: ANSWER_TIMEOUT_MS,
  };
  return {
    pool: withAnswers(pool),
    unhurried: () => openPool({ ...common, max: 1, application_name: 'parley' }, log),
    forBoss: boss,
    close: () => pool.end(),
  };
};

/** The pool, with connections that are given up when they do not answer, or lead to a server that refuses writes. */
const withAnswers = (pool: Pool): PostgresPool => ({
  options: pool.options,
  end: () => pool.end(),
  async connect() {
    const client = await pool.connect();
    let isUseless = false;
    return {
      // Cursors are the other form, and unused.
      query: (async (text: string, values: unknown[]) => {
        try {
          return await answered(client, () => client.query(text, values));
        } catch (error) {
          isUseless ||= isReadOnly(error);
          throw error;
        }
      }) as unknown as Awaited<ReturnType<PostgresPool['connect']>>['query'],
      release: (discard) => client.release(discard || isUseless),
    };
  },
});

/** Ends the connection, and so fails the statement, when it has no answer in time. */
const answered = async <T>(client: ClientBase, ask: () => Promise<T>): Promise<T> => {
  const timer = setTimeout(() => void (client as Client).end().catch(() => undefined), ANSWER_TIMEOUT_MS);
  try {
    return await ask();
  } finally {
    clearTimeout(timer);
  }
};
