import type { Kysely } from 'kysely';
import type { MemberId } from '../../core/ids.ts';
import type { MeetingLine } from '../../core/meeting/lines.ts';
import type { MeetingTx } from '../../core/ports.ts';
import { refusal } from '../errors.ts';
import { storable, toJson } from '../json.ts';
import type { Tables } from '../tables.ts';

/** Postgres takes 65,535 values in one statement; a line has eight. */
const LINES_PER_STATEMENT = 1_000;

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
    for (let from = 0; from < lines.length; from += LINES_PER_STATEMENT) {
      const chunk = lines.slice(from, from + LINES_PER_STATEMENT);
      const saved = await trx
        .insertInto('meeting_line')
        .values(chunk.map((line) => toRow(id, line)))
        .onConflict((conflict) =>
          conflict
            .columns(['conversation_id', 'number'])
            // A line that is there already counts as saved if it is this one.
            .doUpdateSet((row) => ({ id: row.ref('excluded.id') }))
            .whereRef('meeting_line.id', '=', 'excluded.id'),
        )
        .returning('meeting_line.number')
        .execute();
      if (saved.length < chunk.length) throw refusal('Another instance of Parley hosts this meeting.');
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
});

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
