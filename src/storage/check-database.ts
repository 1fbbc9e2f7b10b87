import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { openDatabase } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { refusal } from './errors.ts';

export interface DatabaseCheck {
  /** The kind and state of the database, for people. */
  readonly description: string;
  /** The server's clock; null for an embedded database. */
  readonly nowMs: number | null;
}

const CONNECT_TIMEOUT_MS = 8_000;

/**
 * Checks the configured database. Changes nothing, and creates none.
 * @throws AppError with a sentence for the Parley admin
 */
export const checkDatabase = async (options: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly log: Log;
}): Promise<DatabaseCheck> =>
  options.databaseUrl === null ? checkEmbedded(options) : checkServer(options.databaseUrl);

const checkServer = async (connectionString: string): Promise<DatabaseCheck> => {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const startedMs = performance.now();
    const { rows } = await client.query<{ version: string; now: Date; may_create: boolean }>(
      `select current_setting('server_version') as version, clock_timestamp() as now,
        has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create') as may_create`,
    );
    const tookMs = Math.round(performance.now() - startedMs);
    const [row] = rows;
    if (row === undefined || !row.may_create) {
      throw refusal(
        'Parley can’t create tables in the database at DATABASE_URL. Make its user the owner, or grant it CREATE on the database and on the schema public.',
      );
    }
    return { description: `Postgres ${row.version} answers in ${tookMs} ms`, nowMs: row.now.getTime() };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refusal(
      'Parley can’t use the database server at DATABASE_URL. Check that it is running, and the host, user and password.',
      error,
    );
  } finally {
    await client.end().catch(() => {});
  }
};

const checkEmbedded = async (options: {
  readonly dataDir: string;
  readonly log: Log;
}): Promise<DatabaseCheck> => {
  const { dataDir } = options;
  if (!existsSync(join(dataDir, 'postgres'))) {
    lockDirectory(dataDir).release();
    return { description: 'embedded; created at the first start', nowMs: null };
  }
  const database = await openDatabase({ ...options, databaseUrl: null });
  await database.close();
  return { description: 'embedded, and opens', nowMs: null };
};
