import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

/**
 * Waits for the lock called `name`, and holds it until the transaction ends. A later statement sees everything that
 * earlier holders committed. Two names may share a lock, which only costs a wait. The embedded database runs one
 * transaction at a time anyway.
 */
export const advisoryLock = async (trx: Kysely<Tables>, name: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
};
