import { randomUUID } from 'node:crypto';
import type { MoonshineSize } from '../recognition/moonshine.ts';
import type { TimedWord } from '../recognition/word-times.ts';
import type { SpokenWord, Transcription } from '../transcribe-file.ts';
import type { RecordingQuery } from './query.ts';

/** Deepgram's responses, as plain objects. */

/** Fixed ids of this engine's models. */
const modelIds: Record<MoonshineSize, string> = {
  base: '6d6f6f6e-7368-4e65-8261-736500000001',
  tiny: '6d6f6f6e-7368-4e65-8474-696e79000001',
};

/** The metadata of every response. `parley_local_engine` distinguishes the engine from Deepgram. */
export const aboutModel = (size: MoonshineSize) => ({
  parley_local_engine: true,
  models: [modelIds[size]],
  model_info: {
    [modelIds[size]]: {
      name: `moonshine-${size}`,
      version: '2024-10-21.0',
      arch: 'moonshine',
      language: 'en',
    },
  },
});

export const wordObject = (word: TimedWord & Partial<Pick<SpokenWord, 'speaker' | 'speakerConfidence'>>) => ({
  word: normalizeWord(word.text),
  start: round(word.startSeconds),
  end: round(word.endSeconds),
  confidence: round(word.confidence),
  punctuated_word: word.text,
  ...(typeof word.speaker === 'number'
    ? { speaker: word.speaker, speaker_confidence: round(word.speakerConfidence ?? 0) }
    : {}),
});

/** A word of a recording; with its language where Deepgram's `multi` names it. */
const wordIn = (query: RecordingQuery, word: SpokenWord) => ({
  ...wordObject(word),
  ...(query.multilingual ? { language: 'en' } : {}),
});

export const transcriptOf = (words: readonly TimedWord[], formatted: boolean): string =>
  words.map((word) => (formatted ? word.text : normalizeWord(word.text))).join(' ');

/** The mean over the words; 0 for none. */
export const confidenceOf = (words: readonly TimedWord[]): number =>
  words.length === 0 ? 0 : round(words.reduce((sum, word) => sum + word.confidence, 0) / words.length);

export const recordingResponse = (
  transcription: Transcription,
  query: RecordingQuery,
  about: { requestId: string; sha256: string; createdMs: number; size: MoonshineSize },
) => ({
  metadata: {
    transaction_key: 'deprecated',
    request_id: about.requestId,
    sha256: about.sha256,
    created: new Date(about.createdMs).toISOString(),
    duration: round(transcription.durationSeconds),
    channels: transcription.channels,
    ...aboutModel(about.size),
  },
  results: {
    channels: Array.from({ length: transcription.channels }, (_, channel) => {
      const words = transcription.words.filter((word) => word.channel === channel);
      return {
        alternatives: [
          {
            transcript: transcriptOf(words, query.formatted),
            confidence: confidenceOf(words),
            words: words.map((word) => wordIn(query, word)),
            ...(query.multilingual ? { languages: words.length === 0 ? [] : ['en'] } : {}),
          },
        ],
        // The engine supports no other language: this is not a detection.
        ...(query.detectLanguage ? { detected_language: 'en' } : {}),
      };
    }),
    ...(query.utterances ? { utterances: utterancesOf(transcription.words, query) } : {}),
  },
});

const utterancesOf = (words: readonly SpokenWord[], query: RecordingQuery) => {
  const groups: SpokenWord[][] = [];
  for (const word of words) {
    const last = groups.at(-1)?.at(-1);
    const continues =
      last !== undefined &&
      last.channel === word.channel &&
      last.speaker === word.speaker &&
      word.startSeconds - last.endSeconds < query.utteranceSplitSeconds;
    if (continues) groups.at(-1)?.push(word);
    else groups.push([word]);
  }
  groups.sort((a, b) => a[0]!.startSeconds - b[0]!.startSeconds);
  return groups.map((group) => ({
    start: round(group[0]!.startSeconds),
    end: round(group.at(-1)!.endSeconds),
    confidence: confidenceOf(group),
    channel: group[0]!.channel,
    transcript: transcriptOf(group, query.formatted),
    words: group.map((word) => wordIn(query, word)),
    ...(group[0]!.speaker === null ? {} : { speaker: group[0]!.speaker }),
    id: randomUUID(),
  }));
};

/** Lower case and without the punctuation around it, as Deepgram's `word`. */
const normalizeWord = (text: string): string =>
  text.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}*]+$/gu, '') || text.toLowerCase();

/** To the microsecond, as JSON should show it. */
export const round = (value: number): number => Math.round(value * 1e6) / 1e6;
