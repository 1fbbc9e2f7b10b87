import { type Kysely, sql } from 'kysely';
import type { LeaseTx } from '../../core/ports.ts';
import type { Tables } from '../tables.ts';

/** By the database's clock, which all instances share. */
const NOW = sql<Date>`clock_timestamp()`;

export const leaseTx = (trx: Kysely<Tables>): LeaseTx => ({
  takeLease: async (id, { holder, url }, forMs) => {
    const until = sql<Date>`clock_timestamp() + ${forMs} * interval '1 millisecond'`;
    const taken = await trx
      .insertInto('meeting_lease')
      .values({ conversation_id: id, holder, url, until })
      .onConflict((conflict) =>
        conflict
          .column('conversation_id')
          .doUpdateSet((row) => ({
            holder: row.ref('excluded.holder'),
            url: row.ref('excluded.url'),
            until: row.ref('excluded.until'),
          }))
          .where((row) =>
            row.or([row('meeting_lease.holder', '=', holder), row('meeting_lease.until', '<', NOW)]),
          ),
      )
      .returning(['holder', 'url'])
      .executeTakeFirst();
    return (
      taken ??
      (await trx
        .selectFrom('meeting_lease')
        .select(['holder', 'url'])
        .where('conversation_id', '=', id)
        .executeTakeFirstOrThrow())
    );
  },

  lease: async (id) => {
    const row = await trx
      .selectFrom('meeting_lease')
      .select([
        'holder',
        'url',
        sql<string>`round(extract(epoch from clock_timestamp() - until) * 1000)`.as('expired_for_ms'),
      ])
      .where('conversation_id', '=', id)
      .executeTakeFirst();
    return row === undefined
      ? null
      : { holder: row.holder, url: row.url, expiredForMs: Number(row.expired_for_ms) };
  },

  releaseLease: async (id, holder) => {
    await trx
      .updateTable('meeting_lease')
      .set({ until: NOW })
      .where('conversation_id', '=', id)
      .where('holder', '=', holder)
      .where('until', '>', NOW)
      .execute();
  },
});
