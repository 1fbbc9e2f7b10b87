import { type Kysely, sql } from 'kysely';
import type { ConversationId, PhoneNumber } from '../core/ids.ts';
import type { Tx } from '../core/ports.ts';
import { advisoryLock } from './advisory-lock.ts';
import { toJson } from './json.ts';
import { fromLegRow, toLegRow } from './leg-rows.ts';
import { pinTx } from './pin-tx.ts';
import { toStoredName } from './stored-names.ts';
import type { Tables } from './tables.ts';

type CallTx = Pick<
  Tx,
  | 'addLeg'
  | 'leg'
  | 'legsOf'
  | 'saveLeg'
  | 'conversationsWithActiveLegs'
  | 'callCounts'
  | 'callSettings'
  | 'saveCallSettings'
  | 'ownNumber'
  | 'saveOwnNumber'
> &
  ReturnType<typeof pinTx>;

/** What a transaction knows of calls. */
export const callTx = (trx: Kysely<Tables>): CallTx => ({
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

  callSettings: async (workspaceId) => {
    const row = await trx
      .selectFrom('call_settings')
      .select('settings')
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirst();
    return row?.settings ?? null;
  },

  saveCallSettings: async (workspaceId, settings) => {
    await trx
      .insertInto('call_settings')
      .values({ workspace_id: workspaceId, settings: toJson(settings) })
      .onConflict((conflict) =>
        conflict.column('workspace_id').doUpdateSet((row) => ({ settings: row.ref('excluded.settings') })),
      )
      .execute();
  },

  ownNumber: async (workspaceId, memberId) => {
    const row = await trx
      .selectFrom('own_number')
      .select('number')
      .where('workspace_id', '=', workspaceId)
      .where('member_id', '=', memberId)
      .executeTakeFirst();
    return (row?.number as PhoneNumber | undefined) ?? null;
  },

  saveOwnNumber: async (workspaceId, memberId, number) => {
    if (number === null) {
      await trx
        .deleteFrom('own_number')
        .where('workspace_id', '=', workspaceId)
        .where('member_id', '=', memberId)
        .execute();
      return;
    }
    await trx
      .insertInto('own_number')
      .values({ workspace_id: workspaceId, member_id: memberId, number })
      .onConflict((conflict) =>
        conflict
          .columns(['workspace_id', 'member_id'])
          .doUpdateSet((row) => ({ number: row.ref('excluded.number') })),
      )
      .execute();
  },

  ...pinTx(trx),
});
