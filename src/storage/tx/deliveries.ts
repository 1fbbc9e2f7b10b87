import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { ChannelId, FileId, MessageId } from '../../core/ids.ts';
import type { Delivery, DeliveryTx } from '../../core/ports.ts';
import { toJson } from '../json.ts';
import { id, parseStored } from '../stored.ts';
import type { Tables } from '../tables.ts';

const delivery: z.ZodType<Delivery> = z.discriminatedUnion('state', [
  z.object({ state: z.literal('intended') }),
  z.object({ state: z.literal('reserved'), fileId: id<FileId>() }),
  z.object({
    state: z.literal('message'),
    posted: z.object({ channelId: id<ChannelId>(), messageId: id<MessageId>() }),
    revision: z.number(),
  }),
  z.object({ state: z.literal('file'), fileId: id<FileId>() }),
  z.object({ state: z.literal('withdrawn') }),
]);

export const deliveryTx = (trx: Kysely<Tables>): DeliveryTx => ({
  delivery: async (key) => {
    const row = await trx.selectFrom('delivery').select('delivery').where('key', '=', key).executeTakeFirst();
    return row === undefined ? null : parseStored(delivery, row.delivery);
  },

  intendDelivery: async (key, conversationId) => {
    await trx
      .insertInto('delivery')
      .values({ key, conversation_id: conversationId, delivery: toJson({ state: 'intended' }) })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
  },

  saveDelivery: async (key, saved) => {
    const { numUpdatedRows } = await trx
      .updateTable('delivery')
      .set({ delivery: toJson(saved) })
      .where('key', '=', key)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new RangeError('a delivery was saved that was never intended');
  },

  deliveriesOf: async (conversationId) => {
    const rows = await trx
      .selectFrom('delivery')
      .select(['key', 'delivery'])
      .where('conversation_id', '=', conversationId)
      .orderBy('key')
      .execute();
    return new Map(rows.map((row) => [row.key, parseStored(delivery, row.delivery)]));
  },
});
