import { z } from 'zod';
import { normalizeWord } from '../core/transcript/echo.ts';
import { withBlanks } from '../core/transcript/join-words.ts';
import { likelyEndMs } from '../core/transcript/word-length.ts';
import type { SpokenLanguage, TranscribedWord, Transcription } from '../core/transcription.ts';
import type { Hearing } from './rest-api.ts';
import { LOCAL_ENGINE_REMARK } from './sentences.ts';

/**
 * Deepgram's response for a recording, as far as it is used. Lenient on purpose: fields come and go with models and
 * options, and one invalid word must not cost an hour of transcript.
 * @see https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded
 */
const wordSchema = z.object({
  word: z.string().optional().catch(undefined),
  punctuated_word: z.string().optional().catch(undefined),
  start: z.number(),
  end: z.number(),
  confidence: z.number().optional().catch(undefined),
  speaker: z.number().int().nonnegative().optional().catch(undefined),
  language: z.string().optional().catch(undefined),
});
type WireWord = z.infer<typeof wordSchema>;

/** A list without its invalid items. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) =>
      all.flatMap((one) => {
        const parsed = item.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      }),
    );

const alternativeSchema = z.object({
  transcript: z.string().optional().catch(undefined),
  words: listOf(wordSchema).optional(),
});
const channelSchema = z.object({
  alternatives: listOf(alternativeSchema).optional(),
  detected_language: z.string().optional().catch(undefined),
});
const utteranceSchema = z.object({
  channel: z.number().int().nonnegative().optional().catch(undefined),
  speaker: z.number().int().nonnegative().optional().catch(undefined),
  transcript: z.string().optional().catch(undefined),
  words: listOf(wordSchema).optional(),
});

const responseSchema = z.object({
  metadata: z.object({
    request_id: z.string().optional().catch(undefined),
    duration: z.number().nonnegative(),
    /** Set by Parley's own local engine, for a remark in the transcript. */
    parley_local_engine: z.boolean().optional().catch(undefined),
  }),
  results: z.object({
    // An invalid channel keeps its place, since channels are known by their position.
    channels: z.array(channelSchema.catch({})),
    // Repeats the channels' words and is half of a long response, so it is parsed only when they are missing.
    utterances: z.unknown().optional(),
  }),
});

export interface EngineResponse {
  readonly transcription: Transcription;
  readonly requestId: string | null;
}

/**
 * Parses the engine's response; null when it is invalid. Of channels that were heard apart
 * only the one with the most words is taken.
 */
export const parseResponse = (
  body: unknown,
  engine: {
    readonly hearing: Hearing;
    readonly approximateSpeakers: boolean;
    readonly remarks: readonly string[];
  },
): EngineResponse | null => {
  const parsed = responseSchema.safeParse(body);
  if (!parsed.success) return null;
  const { metadata, results } = parsed.data;
  const inChannels = results.channels.flatMap(wordsOfChannel);
  const all = inChannels.length > 0 ? inChannels : wordsOfUtterances(results.utterances);
  const words = engine.hearing === 'apart' ? fullestChannel(all) : all;
  const languages = languagesOf(results.channels);
  const local = metadata.parley_local_engine === true;
  const remarks = local ? [...engine.remarks, LOCAL_ENGINE_REMARK] : engine.remarks;
  return {
    requestId: metadata.request_id ?? null,
    transcription: {
      durationMs: Math.max(toMs(metadata.duration), ...lastEnd(words)),
      language: languages[0]?.tag ?? null,
      languages,
      words,
      approximateSpeakers: (engine.approximateSpeakers || local) && engine.hearing !== 'parties',
      remarks: [...new Set(remarks)],
    },
  };
};

const toWord = (word: WireWord, channel: number, speaker: number | undefined): TranscribedWord => {
  const text = (word.punctuated_word || word.word || '').trim();
  const startMs = Math.max(0, toMs(word.start));
  return {
    text,
    startMs,
    endMs: likelyEndMs(text, startMs, Math.max(startMs, toMs(word.end))),
    confidence: word.confidence === undefined ? null : Math.min(1, Math.max(0, word.confidence)),
    channel,
    speaker: speaker ?? null,
  };
};

const wordsOfChannel = (
  { alternatives }: z.infer<typeof channelSchema>,
  index: number,
): readonly TranscribedWord[] => {
  const { words = [], transcript = '' } = alternatives?.[0] ?? {};
  const punctuated = words.some((word) => word.punctuated_word) ? words : punctuate(words, transcript);
  return withBlanks(texts(punctuated.map((word) => toWord(word, index, word.speaker))), transcript);
};

/** Some models write capitals and punctuation into the transcript alone. */
const punctuate = (words: readonly WireWord[], transcript: string): readonly WireWord[] => {
  const shown = transcript.trim().split(/\s+/u);
  const isSame =
    shown.length === words.length &&
    shown.every((text, i) => normalizeWord(text) === normalizeWord(words[i]!.word ?? ''));
  return isSame ? words.map((word, i) => ({ ...word, punctuated_word: shown[i] })) : words;
};

const wordsOfUtterances = (utterances: unknown): readonly TranscribedWord[] =>
  listOf(utteranceSchema)
    .parse(utterances)
    .flatMap(({ words = [], channel = 0, speaker, transcript }) =>
      withBlanks(
        texts(words.map((word) => toWord(word, channel, word.speaker ?? speaker))),
        transcript ?? '',
      ),
    );

/** As channel 0. */
const fullestChannel = (words: readonly TranscribedWord[]): readonly TranscribedWord[] => {
  const byChannel = [...Map.groupBy(words, ({ channel }) => channel).values()];
  const fullest = byChannel.sort((a, b) => b.length - a.length)[0] ?? [];
  return fullest.map((word) => ({ ...word, channel: 0 }));
};

const texts = (words: readonly TranscribedWord[]): readonly TranscribedWord[] =>
  words.filter(({ text }) => text !== '');

const toMs = (seconds: number): number => Math.round(seconds * 1000);

/** Rounding, and frames that some containers count twice, must not leave a word outside its recording. */
const lastEnd = (words: readonly TranscribedWord[]): number[] =>
  words.length === 0 ? [] : [words.reduce((latest, word) => Math.max(latest, word.endMs), 0)];

/** The languages of the words, the most frequent first; where the engine chose one for a channel, that one. */
const languagesOf = (channels: readonly z.infer<typeof channelSchema>[]): readonly SpokenLanguage[] => {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { alternatives, detected_language: detected } of channels) {
    for (const { language = detected } of alternatives?.[0]?.words ?? []) {
      if (language === undefined) continue;
      counts.set(language, (counts.get(language) ?? 0) + 1);
      total += 1;
    }
  }
  return [...counts]
    .map(([tag, count]) => ({ tag, share: count / total }))
    .sort((a, b) => b.share - a.share || (a.tag < b.tag ? -1 : 1));
};
