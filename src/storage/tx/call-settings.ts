import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { CallSettings } from '../../core/calls/types.ts';
import type { MemberId, PhoneNumber } from '../../core/ids.ts';
import type { CallSettingsTx } from '../../core/ports.ts';
import { toJson } from '../json.ts';
import { id, parseStored } from '../stored.ts';
import type { Tables } from '../tables.ts';

const callSettings: z.ZodType<CallSettings> = z.object({
  notice: z.string(),
  callers: z.array(id<MemberId>()).nullable(),
  recordings: z.enum(['keep', 'delete']),
});

export const callSettingsTx = (trx: Kysely<Tables>): CallSettingsTx => ({
  callSettings: async (workspaceId) => {
    const row = await trx
      .selectFrom('call_settings')
      .select('settings')
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirst();
    return row === undefined ? null : parseStored(callSettings, row.settings);
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
});
