import type { Kysely } from 'kysely';
import type { Job } from '../core/conversation/types.ts';
import type { Tx } from '../core/ports.ts';
import { callTx } from './call-tx.ts';
import { toStorageError } from './errors.ts';
import { storable, toJson } from './json.ts';
import { meetingTx } from './meeting-tx.ts';
import { fromRow, isRecording, toRow } from './rows.ts';
import type { Tables } from './tables.ts';

/** Enqueues a job in the transaction it is given. */
export type Enqueue = (trx: Kysely<Tables>, job: Job, startAfterMs: number) => Promise<void>;

/** What can be asked within the open transaction `trx`. */
export const createTx = (trx: Kysely<Tables>, enqueue: Enqueue): Tx =>
  failingAsAppError<Tx>({
    addConversation: async (conversation, origin) => {
      const inserted = await trx
        .insertInto('conversation')
        .values({ ...toRow(conversation), origin: storable(origin) })
        // Waits for a transaction that is just adding the same origin, so that exactly one of them adds it.
        .onConflict((conflict) => conflict.column('origin').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (inserted !== undefined) return { added: true, conversation: fromRow(inserted) };
      const taken = await trx
        .selectFrom('conversation')
        .selectAll()
        .where('origin', '=', storable(origin))
        .executeTakeFirstOrThrow();
      return { added: false, conversation: fromRow(taken) };
    },

    conversation: async (id, options) => {
      const query = trx.selectFrom('conversation').selectAll().where('id', '=', id);
      const row = await (options?.lock ? query.forUpdate() : query).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    conversationsPostedIn: async (workspaceId, channelId, messageId) => {
      const rows = await trx
        .selectFrom('conversation')
        .selectAll()
        .where('workspace_id', '=', workspaceId)
        .where('channel_id', '=', channelId)
        .where('posted_in', '=', messageId)
        .where('kind', '=', 'recording')
        .orderBy('position')
        .execute();
      return rows.map(fromRow).filter(isRecording);
    },

    conversationsOf: async (workspaceId, memberId, limit) => {
      const rows = await trx
        .selectFrom('conversation')
        .selectAll()
        .where('workspace_id', '=', workspaceId)
        .where('started_by', '=', memberId)
        // The files of one message are created in the same millisecond.
        .orderBy('created_at_ms', 'desc')
        .orderBy('position', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(fromRow);
    },

    saveConversation: async (conversation) => {
      const { numUpdatedRows } = await trx
        .updateTable('conversation')
        .set(toRow(conversation))
        .where('id', '=', conversation.id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new RangeError('a conversation was saved that was never added');
    },

    saveTranscription: async (id, heard) => {
      await trx
        .insertInto('heard')
        .values({ conversation_id: id, heard: toJson(heard) })
        .onConflict((conflict) =>
          conflict.column('conversation_id').doUpdateSet((row) => ({ heard: row.ref('excluded.heard') })),
        )
        .execute();
    },

    transcription: async (id) => {
      const row = await trx
        .selectFrom('heard')
        .select('heard')
        .where('conversation_id', '=', id)
        .executeTakeFirst();
      return row?.heard ?? null;
    },

    saveSpeakerNames: async (id, names) => {
      await trx
        .insertInto('speaker_names')
        .values({ conversation_id: id, names: toJson(names) })
        .onConflict((conflict) =>
          conflict.column('conversation_id').doUpdateSet((row) => ({ names: row.ref('excluded.names') })),
        )
        .execute();
    },

    speakerNames: async (id) => {
      const row = await trx
        .selectFrom('speaker_names')
        .select('names')
        .where('conversation_id', '=', id)
        .executeTakeFirst();
      return row?.names ?? {};
    },

    delivery: async (key) => {
      const row = await trx
        .selectFrom('delivery')
        .select('delivery')
        .where('key', '=', key)
        .executeTakeFirst();
      return row?.delivery ?? null;
    },

    intendDelivery: async (key, conversationId) => {
      await trx
        .insertInto('delivery')
        .values({ key, conversation_id: conversationId, delivery: toJson({ state: 'intended' }) })
        // What an earlier attempt got done stays known.
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
    },

    saveDelivery: async (key, delivery) => {
      const { numUpdatedRows } = await trx
        .updateTable('delivery')
        .set({ delivery: toJson(delivery) })
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
      return new Map(rows.map(({ key, delivery }) => [key, delivery]));
    },

    ...meetingTx(trx),
    ...callTx(trx),

    enqueue: (job, options) => enqueue(trx, job, options?.startAfterMs ?? 0),
  });

type AsyncMethods = { readonly [name: string]: (...given: never[]) => Promise<unknown> };

/** The same methods, whose failures of whatever kind are `AppError`s. */
const failingAsAppError = <T extends object>(methods: T): T =>
  Object.fromEntries(
    Object.entries(methods as AsyncMethods).map(([name, method]) => [
      name,
      async (...given: never[]) => {
        try {
          return await method(...given);
        } catch (error) {
          throw toStorageError(error);
        }
      },
    ]),
  ) as T;
