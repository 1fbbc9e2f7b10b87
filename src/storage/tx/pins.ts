import { type Kysely, sql } from 'kysely';
import type { PinCaller } from '../../core/calls/pin.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { PinTx } from '../../core/ports.ts';
import { storable } from '../json.ts';
import type { Tables } from '../tables.ts';
import { advisoryLock } from './advisory-lock.ts';

/** Older ones never count, and strangers' numbers are not kept for longer than they are needed. */
const KEEP_WRONG_MS = 24 * 3_600_000;

export const pinTx = (trx: Kysely<Tables>): PinTx => {
  const pinOf = async (id: ConversationId): Promise<string | null> => {
    const row = await trx
      .selectFrom('pin')
      .select('pin')
      .where('conversation_id', '=', id)
      .executeTakeFirst();
    return row?.pin ?? null;
  };

  const countWrong: (
    caller: PinCaller,
    sinceMs: { readonly byCaller: number; readonly byAll: number },
  ) => Promise<{ readonly byCaller: number; readonly byAll: number }> = async (caller, sinceMs) => {
    const { rows } = await sql<{ by_caller: string; by_all: string }>`
      select
        count(*) filter (where at_ms >= ${sinceMs.byCaller} and from_number = ${caller}) as by_caller,
        count(*) filter (where at_ms >= ${sinceMs.byAll}) as by_all
      from wrong_pin
      where at_ms >= ${Math.min(sinceMs.byCaller, sinceMs.byAll)}`.execute(trx);
    const { by_caller, by_all } = rows[0]!;
    return { byCaller: Number(by_caller), byAll: Number(by_all) };
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
          // Waits for a concurrent transaction that assigns this PIN, or one to this conversation.
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

    wrongPinCounts: async (caller, sinceMs, serializeAllFrom) => {
      await advisoryLock(trx, `wrong PINs of ${caller}`);
      const counts = await countWrong(caller, sinceMs);
      if (counts.byAll < serializeAllFrom) return counts;
      await advisoryLock(trx, 'wrong PINs');
      return countWrong(caller, sinceMs);
    },

    addWrongPin: async (caller, atMs) => {
      await trx
        .deleteFrom('wrong_pin')
        .where('at_ms', '<', sql<string>`${atMs - KEEP_WRONG_MS}`)
        .execute();
      await trx.insertInto('wrong_pin').values({ at_ms: atMs, from_number: caller }).execute();
    },
  };
};
