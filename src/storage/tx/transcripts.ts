import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { TranscriptTx } from '../../core/ports.ts';
import type { SpeakerNames, TranscribedWord, Transcription } from '../../core/transcription.ts';
import { toJson } from '../json.ts';
import { parseStored } from '../stored.ts';
import type { Tables } from '../tables.ts';

const transcription: z.ZodType<Transcription> = z.looseObject({
  durationMs: z.number(),
  language: z.string().nullable(),
  languages: z.array(z.object({ tag: z.string(), share: z.number() })).exactOptional(),
  // Hours of words; core repairs each of them anyway.
  words: z.array(z.custom<TranscribedWord>()),
  approximateSpeakers: z.boolean(),
  remarks: z.array(z.string()),
});

const speakerNames: z.ZodType<SpeakerNames> = z.record(
  z.string(),
  z.object({ name: z.string(), memberId: z.string().exactOptional() }),
);

export const transcriptTx = (trx: Kysely<Tables>): TranscriptTx => ({
  saveTranscription: async (id, saved) => {
    await trx
      .insertInto('heard')
      .values({ conversation_id: id, heard: toJson(saved) })
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
    return row === undefined ? null : parseStored(transcription, row.heard);
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
    return row === undefined ? {} : parseStored(speakerNames, row.names);
  },
});
