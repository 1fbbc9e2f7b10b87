import { type Kysely, sql } from 'kysely';
import type { ConversationId } from '../../core/ids.ts';
import type { LegTx } from '../../core/ports.ts';
import { toStoredName } from '../stored-names.ts';
import type { Tables } from '../tables.ts';
import { advisoryLock } from './advisory-lock.ts';
import { fromLegRow, toLegRow } from './leg-row.ts';

export const legTx = (trx: Kysely<Tables>): LegTx => ({
  addLeg: async (leg) => {
    const { workspace_id, channel_id } = await trx
      .selectFrom('conversation')
      .select(['workspace_id', 'channel_id'])
      .where('id', '=', leg.conversationId)
      .executeTakeFirstOrThrow();
    await trx
      .insertInto('leg')
      .values({ ...toLegRow(leg), workspace_id, channel_id })
      .execute();
  },

  leg: async (id, options) => {
    const query = trx.selectFrom('leg').selectAll().where('id', '=', id);
    const row = await (options?.lock ? query.forUpdate() : query).executeTakeFirst();
    return row === undefined ? null : fromLegRow(row);
  },

  legsOf: async (id) => {
    const rows = await trx
      .selectFrom('leg')
      .selectAll()
      .where('conversation_id', '=', id)
      .orderBy('added')
      .execute();
    return rows.map(fromLegRow);
  },

  saveLeg: async (leg) => {
    const { numUpdatedRows } = await trx
      .updateTable('leg')
      .set(toLegRow(leg))
      .where('id', '=', leg.id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new RangeError('a leg was saved that was never added');
  },

  conversationsWithActiveLegs: async () => {
    const rows = await trx
      .selectFrom('leg')
      .select('conversation_id')
      .distinct()
      .where('answered_at_ms', 'is not', null)
      .where('ended_at_ms', 'is', null)
      .execute();
    return rows.map((row) => row.conversation_id as ConversationId);
  },

  callCounts: async ({ workspaceId, channelId, memberId, sinceMs }) => {
    await advisoryLock(trx, `calls of ${workspaceId}`);
    const { rows } = await sql<Record<'member' | 'channel' | 'workspace' | 'now', string>>`
      select
        count(*) filter (where created_at_ms >= ${sinceMs} and rung_by = ${memberId}) as member,
        count(*) filter (where created_at_ms >= ${sinceMs} and channel_id = ${channelId}) as channel,
        count(*) filter (where created_at_ms >= ${sinceMs}) as workspace,
        count(*) filter (where ended_at_ms is null) as now
      from leg
      where workspace_id = ${workspaceId}
        and role <> ${toStoredName('legRole', 'inbound')}
        and (created_at_ms >= ${sinceMs} or ended_at_ms is null)`.execute(trx);
    const { member, channel, workspace, now } = rows[0]!;
    return {
      byMember: Number(member),
      byChannel: Number(channel),
      byWorkspace: Number(workspace),
      concurrent: Number(now),
    };
  },
});
