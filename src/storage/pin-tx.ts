import { type Kysely, sql } from 'kysely';
import type { ConversationId } from '../core/ids.ts';
import type { Tx } from '../core/ports.ts';
import { advisoryLock } from './advisory-lock.ts';
import { storable } from './json.ts';
import type { Tables } from './tables.ts';

type PinTx = Pick<
  Tx,
  'givePin' | 'pinOf' | 'conversationWithPin' | 'dropPin' | 'wrongPinCounts' | 'addWrongPin'
>;

/** Nobody asks for older ones, and numbers of strangers are not kept for longer than they are needed. */
const KEEP_WRONG_MS = 24 * 3_600_000;

/** What a transaction knows of PINs. */
export const pinTx = (trx: Kysely<Tables>): PinTx => {
  const pinOf = async (id: ConversationId): Promise<string | null> => {
    const row = await trx
      .selectFrom('pin')
      .select('pin')
      .where('conversation_id', '=', id)
      .executeTakeFirst();
    return row?.pin ?? null;
  };

  return {
    pinOf,

    givePin: async (id, candidates) => {
      const had = await pinOf(id);
      if (had !== null) return had;
      for (const pin of candidates) {
        const given = await trx
          .insertInto('pin')
          .values({ pin, conversation_id: id })
          // Waits for a transaction that is just giving away the same PIN, or giving one to the same conversation.
          .onConflict((conflict) => conflict.doNothing())
          .returning('pin')
          .executeTakeFirst();
        const has = given?.pin ?? (await pinOf(id));
        if (has !== null) return has;
      }
      return null;
    },

    conversationWithPin: async (pin) => {
      const row = await trx
        .selectFrom('pin')
        .select('conversation_id')
        .where('pin', '=', storable(pin))
        .executeTakeFirst();
      return (row?.conversation_id as ConversationId | undefined) ?? null;
    },

    dropPin: async (id) => {
      await trx.deleteFrom('pin').where('conversation_id', '=', id).execute();
    },

    wrongPinCounts: async (guesser, sinceMs) => {
      await advisoryLock(trx, 'wrong PINs');
      const { rows } = await sql<{ by_guesser: string; by_all: string }>`
        select
          count(*) filter (where at_ms >= ${sinceMs.byGuesser} and from_number = ${guesser}) as by_guesser,
          count(*) filter (where at_ms >= ${sinceMs.byAll}) as by_all
        from wrong_pin
        where at_ms >= ${Math.min(sinceMs.byGuesser, sinceMs.byAll)}`.execute(trx);
      const { by_guesser, by_all } = rows[0]!;
      return { byGuesser: Number(by_guesser), byAll: Number(by_all) };
    },

    addWrongPin: async (guesser, atMs) => {
      await trx
        .deleteFrom('wrong_pin')
        .where('at_ms', '<', sql<string>`${atMs - KEEP_WRONG_MS}`)
        .execute();
      await trx.insertInto('wrong_pin').values({ at_ms: atMs, from_number: guesser }).execute();
    },
  };
};
