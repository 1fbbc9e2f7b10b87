import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * Waits until no other transaction holds the turn called `name`, and holds it until this one ends. What is read after
 * it, in a statement of its own, therefore holds all that those before have written. Two names may share a turn, which
 * only costs a wait. The embedded database runs one transaction at a time anyway.
 */
export const advisoryLock = async (trx: Kysely<Tables>, name: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
};
