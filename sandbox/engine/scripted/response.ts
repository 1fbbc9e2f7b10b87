/** A word of a scripted response; times in milliseconds. */
export interface ScriptedWord {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly speaker?: number;
  /** Left out when absent, as the real engine does without punctuation. */
  readonly punctuated?: string;
  readonly confidence?: number;
  /** As `language=multi` says it. */
  readonly language?: string | undefined;
}

const MODEL = '00000000-0000-4000-8000-00000000c0de';

/**
 * A response of `/v1/listen` in Deepgram's format: words per channel, and the utterances of `utterances=true`.
 */
export const responseWith = (options: {
  readonly channels: readonly (readonly ScriptedWord[])[];
  readonly durationMs: number;
  /** Of words that have none of their own. */
  readonly language?: string | undefined;
  /** Of the only channel. Default: the words with blanks between them. */
  readonly transcript?: string;
  /** Merged into `metadata`, for fields that only some engines send. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}): Record<string, unknown> => ({
  metadata: {
    request_id: '00000000-0000-4000-8000-000000000000',
    sha256: '0'.repeat(64),
    created: '2026-01-01T00:00:00.000Z',
    duration: options.durationMs / 1000,
    channels: options.channels.length,
    models: [MODEL],
    model_info: { [MODEL]: { name: 'general-nova-3', version: '2026-01-01.0', arch: 'nova-3' } },
    ...options.metadata,
  },
  results: {
    channels: options.channels.map((words) => ({
      alternatives: [
        {
          transcript: options.transcript ?? words.map(shown).join(' '),
          confidence: 0.99,
          languages: [...new Set(words.flatMap(({ language }) => language ?? options.language ?? []))],
          words: words.map((word) => wireWord({ language: options.language, ...word })),
        },
      ],
    })),
    utterances: options.channels.flatMap((words, channel) => words.map((word) => utterance(word, channel))),
  },
});

const shown = (word: ScriptedWord): string => word.punctuated ?? word.word;

const wireWord = (word: ScriptedWord): Record<string, unknown> => ({
  word: word.word,
  start: word.startMs / 1000,
  end: word.endMs / 1000,
  confidence: word.confidence ?? 0.98,
  ...(word.speaker === undefined ? {} : { speaker: word.speaker, speaker_confidence: 0.9 }),
  ...(word.language === undefined ? {} : { language: word.language }),
  ...(word.punctuated === undefined ? {} : { punctuated_word: word.punctuated }),
});

const utterance = (word: ScriptedWord, channel: number): Record<string, unknown> => ({
  start: word.startMs / 1000,
  end: word.endMs / 1000,
  confidence: word.confidence ?? 0.98,
  channel,
  transcript: shown(word),
  words: [wireWord(word)],
  ...(word.speaker === undefined ? {} : { speaker: word.speaker }),
});

/** The response of the scripted engine by default. */
export const DEFAULT_RESPONSE = responseWith({
  durationMs: 2_000,
  language: 'en',
  channels: [
    [
      { word: 'hello', punctuated: 'Hello,', startMs: 100, endMs: 500, speaker: 0 },
      { word: 'there', punctuated: 'there.', startMs: 520, endMs: 900, speaker: 0 },
      { word: 'hi', punctuated: 'Hi!', startMs: 1_200, endMs: 1_500, speaker: 1 },
    ],
  ],
});
