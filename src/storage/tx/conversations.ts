import { type Kysely, sql } from 'kysely';
import type { Conversation, RecordingConversation } from '../../core/conversation/types.ts';
import type { ConversationTx } from '../../core/ports.ts';
import { storable } from '../json.ts';
import { readable } from '../stored.ts';
import type { Tables } from '../tables.ts';
import { fromRow, toRow } from './conversation-row.ts';

export const conversationTx = (trx: Kysely<Tables>): ConversationTx => ({
  addConversation: async (conversation, origin) => {
    const inserted = await trx
      .insertInto('conversation')
      .values({ ...toRow(conversation), origin: storable(origin) })
      // Waits for a concurrent transaction with the same origin, so that exactly one of them adds it.
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

  recordingsOfFile: async (workspaceId, fileId) => {
    const rows = await trx
      .selectFrom('conversation')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('kind', '=', 'recording')
      .where(sql`source ->> 'fileId'`, '=', fileId)
      .orderBy('created_at_ms')
      .orderBy('id')
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
    return readable(rows, fromRow);
  },

  saveConversation: async (conversation) => {
    const { numUpdatedRows } = await trx
      .updateTable('conversation')
      .set(toRow(conversation))
      .where('id', '=', conversation.id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new RangeError('a conversation was saved that was never added');
  },
});

const isRecording = (conversation: Conversation): conversation is RecordingConversation =>
  conversation.kind === 'recording';
