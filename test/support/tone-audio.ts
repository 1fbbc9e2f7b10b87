import { silence, type WordReader } from '../../sandbox/engine/scripted/markers.ts';
import { TONE_WORD_MS, ToneReader, toneWord } from '../../sandbox/engine/scripted/tones.ts';
import { decodeMulaw } from '../../src/core/audio/g711.ts';
import { SAMPLE_RATE_HZ, writeWav } from './wav.ts';

/** Recordings for microphones count in tone words: sentences of six, with pauses. No word is repeated. */
const BETWEEN_WORDS_MS = 200;
const AFTER_SENTENCE_MS = 1_500;
const WORDS_A_SENTENCE = 6;
const WORD_MS = TONE_WORD_MS + BETWEEN_WORDS_MS;
const SENTENCE_MS = WORDS_A_SENTENCE * WORD_MS + AFTER_SENTENCE_MS;
/** More than seven minutes, so that no test reaches the repetition. */
export const WORDS_PER_MICROPHONE = 500;

/** Start of word `index` (from 0) of a recording. */
export const wordStartMs = (index: number): number =>
  Math.floor(index / WORDS_A_SENTENCE) * SENTENCE_MS + (index % WORDS_A_SENTENCE) * WORD_MS;
const wordEndMs = (index: number): number => wordStartMs(index) + TONE_WORD_MS;

/** The samples of the first `count` words, counted from `first`. */
export const toneSamples = (first: number, count: number): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, index) => {
      const pauseMs = wordStartMs(index + 1) - wordEndMs(index);
      return Buffer.concat([toneWord(first + index, SAMPLE_RATE_HZ), silence(pauseMs, SAMPLE_RATE_HZ)]);
    }),
  );

/** Writes a WAV file whose words are the numbers from `first` on. */
export const writeToneWav = (file: string, first: number): Promise<void> =>
  writeWav(file, toneSamples(first, WORDS_PER_MICROPHONE));

/** Reads tone words of live audio for the scripted engine: mulaw at 8 kHz, else linear16. */
export const createToneReader = (sampleRateHz: number): WordReader =>
  sampleRateHz === 8_000 ? new MulawToneReader() : new ToneReader(sampleRateHz);

class MulawToneReader implements WordReader {
  readonly #reader = new ToneReader(8_000);
  get readSamples(): number {
    return this.#reader.readSamples;
  }
  get silentSamples(): number {
    return this.#reader.silentSamples;
  }
  get damaged(): number {
    return this.#reader.damaged;
  }
  read(mulaw: Buffer) {
    const samples = Int16Array.from(mulaw, decodeMulaw);
    return this.#reader.read(Buffer.from(samples.buffer));
  }
}

/** The complete tone words in a recording. */
export const toneWordsIn = (samples: Int16Array, rateHz: number): number[] => {
  // Silence ends a word.
  const quiet = silence(500, rateHz);
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return new ToneReader(rateHz).read(Buffer.concat([bytes, quiet])).map(({ number }) => number);
};

/** The words of a text from the scripted engine, as numbers, in their order. */
export const toneWordsInText = (text: string): number[] =>
  [...text.matchAll(/\bm(\d+)\b/gi)].map(([, n]) => Number(n));

/** Words of one microphone’s recording in a transcript. */
export interface CountedWords {
  /** Without those of other recordings. */
  readonly words: readonly number[];
  /** Where words are missing, the longest gap first: from the start of the first to the end of the last of them. */
  readonly gaps: readonly { readonly after: number; readonly before: number; readonly ms: number }[];
}

/** @throws when a word is repeated, or out of order */
export const countedWords = (transcribed: readonly number[], first: number): CountedWords => {
  const words = transcribed.filter((word) => word >= first && word < first + WORDS_PER_MICROPHONE);
  const gaps: { after: number; before: number; ms: number }[] = [];
  for (const [at, before] of words.entries()) {
    const after = words[at - 1];
    if (after === undefined || before === after + 1) continue;
    if (before <= after) throw new Error(`word ${before} comes after word ${after}`);
    gaps.push({ after, before, ms: wordEndMs(before - 1 - first) - wordStartMs(after + 1 - first) });
  }
  return { words, gaps: gaps.toSorted((a, b) => b.ms - a.ms) };
};
