import { type Kysely, sql } from 'kysely';
import type { MemberId } from '../core/ids.ts';
import type { MeetingLine } from '../core/meeting/lines.ts';
import type { Lease, Tx } from '../core/ports.ts';
import { refusal } from './errors.ts';
import { storable, toJson } from './json.ts';
import type { Tables } from './tables.ts';

type MeetingTx = Pick<
  Tx,
  | 'meeting'
  | 'saveMeetingParty'
  | 'saveCaptionsOn'
  | 'saveRemoved'
  | 'saveLines'
  | 'lines'
  | 'claimLink'
  | 'linkBrowser'
  | 'takeLease'
  | 'lease'
  | 'releaseLease'
>;

/** A link is believed for a day and ten minutes after it was made, and is made before it is taken. */
const KEEP_LINKS_MS = 25 * 3_600_000;

/** What a transaction knows of meetings. */
export const meetingTx = (trx: Kysely<Tables>): MeetingTx => ({
  meeting: async (id) => {
    const parties = await trx
      .selectFrom('meeting_party')
      .select(['person_id', 'name'])
      .where('conversation_id', '=', id)
      .orderBy('number')
      .execute();
    const removed = await trx
      .selectFrom('meeting_removed')
      .select('person_id')
      .where('conversation_id', '=', id)
      .execute();
    const captions = await trx
      .selectFrom('meeting_captions')
      .select('captions_on')
      .where('conversation_id', '=', id)
      .executeTakeFirst();
    return {
      parties: parties.map(({ person_id, name }) => ({ personId: person_id as MemberId, name })),
      removed: removed.map(({ person_id }) => person_id as MemberId),
      captionsOn: captions?.captions_on ?? true,
    };
  },

  saveMeetingParty: async (id, number, { personId, name }) => {
    await trx
      .insertInto('meeting_party')
      .values({ conversation_id: id, number, person_id: personId, name: storable(name) })
      .onConflict((conflict) =>
        conflict.columns(['conversation_id', 'number']).doUpdateSet((row) => ({
          person_id: row.ref('excluded.person_id'),
          name: row.ref('excluded.name'),
        })),
      )
      .execute();
  },

  saveCaptionsOn: async (id, on) => {
    await trx
      .insertInto('meeting_captions')
      .values({ conversation_id: id, captions_on: on })
      .onConflict((conflict) =>
        conflict
          .column('conversation_id')
          .doUpdateSet((row) => ({ captions_on: row.ref('excluded.captions_on') })),
      )
      .execute();
  },

  saveRemoved: async (id, personId) => {
    await trx
      .insertInto('meeting_removed')
      .values({ conversation_id: id, person_id: personId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  saveLines: async (id, lines) => {
    if (lines.length === 0) return;
    const saved = await trx
      .insertInto('meeting_line')
      .values(lines.map((line) => toRow(id, line)))
      .onConflict((conflict) =>
        conflict
          .columns(['conversation_id', 'number'])
          // A line that is there already counts as saved if it is this one.
          .doUpdateSet((row) => ({ id: row.ref('excluded.id') }))
          .whereRef('meeting_line.id', '=', 'excluded.id'),
      )
      .returning('meeting_line.number')
      .execute();
    if (saved.length < lines.length) {
      throw refusal('This meeting is carried by another copy of Parley.');
    }
  },

  lines: async (id) => {
    const rows = await trx
      .selectFrom('meeting_line')
      .selectAll()
      .where('conversation_id', '=', id)
      .orderBy('number')
      .execute();
    return rows.map(
      (row): MeetingLine => ({
        number: row.number,
        id: row.id,
        party: row.party,
        startMs: row.start_ms,
        endMs: row.end_ms,
        text: row.text,
        words: row.words,
      }),
    );
  },

  claimLink: async (linkId, browser, atMs) => {
    await trx
      .deleteFrom('meeting_link')
      .where('taken_at_ms', '<', sql<string>`${atMs - KEEP_LINKS_MS}`)
      .execute();
    const taken = await trx
      .insertInto('meeting_link')
      .values({ link_id: linkId, browser, taken_at_ms: atMs })
      // Waits for another browser that is just taking it.
      .onConflict((conflict) => conflict.doNothing())
      .returning('browser')
      .executeTakeFirst();
    return taken?.browser ?? (await ofLink(trx, linkId).executeTakeFirstOrThrow()).browser;
  },

  linkBrowser: async (linkId) => (await ofLink(trx, linkId).executeTakeFirst())?.browser ?? null,

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
            row.or([
              row('meeting_lease.holder', '=', holder),
              row('meeting_lease.until', '<', sql<Date>`clock_timestamp()`),
            ]),
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

  lease: (id) => leaseOf(trx, id),

  releaseLease: async (id, holder) => {
    await trx
      .updateTable('meeting_lease')
      .set({ until: sql<Date>`clock_timestamp()` })
      .where('conversation_id', '=', id)
      .where('holder', '=', holder)
      .where('until', '>', sql<Date>`clock_timestamp()`)
      .execute();
  },
});

const ofLink = (trx: Kysely<Tables>, linkId: string) =>
  trx.selectFrom('meeting_link').select('browser').where('link_id', '=', linkId);

const leaseOf = async (
  trx: Kysely<Tables>,
  id: string,
): Promise<(Lease & { readonly expiredForMs: number }) | null> => {
  const row = await trx
    .selectFrom('meeting_lease')
    .select([
      'holder',
      'url',
      sql<string>`round(extract(epoch from clock_timestamp() - until) * 1000)`.as('over_for_ms'),
    ])
    .where('conversation_id', '=', id)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { holder: row.holder, url: row.url, expiredForMs: Number(row.over_for_ms) };
};

const toRow = (id: string, line: MeetingLine) => ({
  conversation_id: id,
  number: line.number,
  id: line.id,
  party: line.party,
  start_ms: Math.round(line.startMs),
  end_ms: Math.round(line.endMs),
  text: storable(line.text),
  words: toJson(line.words),
});
