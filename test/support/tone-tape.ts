import { silence } from '../../sandbox/engine/scripted/markers.ts';
import { TONE_WORD_MS, ToneReader, toneWord } from '../../sandbox/engine/scripted/tones.ts';
import { RATE_HZ, writeWav } from './wav.ts';

/** For microphones: counting in tone words, a sentence of six and a pause. No word comes twice. */
const BETWEEN_WORDS_MS = 200;
const AFTER_SENTENCE_MS = 1_500;
const WORDS_A_SENTENCE = 6;
const WORD_MS = TONE_WORD_MS + BETWEEN_WORDS_MS;
const SENTENCE_MS = WORDS_A_SENTENCE * WORD_MS + AFTER_SENTENCE_MS;
/** More than seven minutes, so that no test lasts into its repetition. */
export const WORDS_A_TAPE = 500;

/** Where word `index` (from 0) of a tape begins. */
export const wordStartMs = (index: number): number =>
  Math.floor(index / WORDS_A_SENTENCE) * SENTENCE_MS + (index % WORDS_A_SENTENCE) * WORD_MS;
const wordEndMs = (index: number): number => wordStartMs(index) + TONE_WORD_MS;

/** The samples of the first `count` words, counted from `first`. */
export const toneSamples = (first: number, count: number): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, index) => {
      const pauseMs = wordStartMs(index + 1) - wordEndMs(index);
      return Buffer.concat([toneWord(first + index, RATE_HZ), silence(pauseMs, RATE_HZ)]);
    }),
  );

/** Writes a WAV file whose words are the numbers from `first` on. */
export const writeToneTape = (file: string, first: number): Promise<void> =>
  writeWav(file, toneSamples(first, WORDS_A_TAPE));

/** The words that a recording holds whole. */
export const toneWordsIn = (samples: Int16Array, rateHz: number): number[] => {
  // A word ends with silence.
  const quiet = silence(500, rateHz);
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return new ToneReader(rateHz).read(Buffer.concat([bytes, quiet])).map(({ number }) => number);
};

/** The words of a text from the scripted engine, as numbers, in their order. */
export const wordsIn = (text: string): number[] =>
  [...text.matchAll(/\bm(\d+)\b/gi)].map(([, n]) => Number(n));

/** What was transcribed of one tape. */
export interface Told {
  /** Without those of other tapes. */
  readonly words: readonly number[];
  /** Where words are missing, the longest first: from the beginning of the first to the end of the last of them. */
  readonly gaps: readonly { readonly after: number; readonly before: number; readonly ms: number }[];
}

/** @throws when a word comes twice, or out of order */
export const toldOf = (told: readonly number[], first: number): Told => {
  const words = told.filter((word) => word >= first && word < first + WORDS_A_TAPE);
  const gaps: { after: number; before: number; ms: number }[] = [];
  for (const [at, before] of words.entries()) {
    const after = words[at - 1];
    if (after === undefined || before === after + 1) continue;
    if (before <= after) throw new Error(`word ${before} comes after word ${after}`);
    gaps.push({ after, before, ms: wordEndMs(before - 1 - first) - wordStartMs(after + 1 - first) });
  }
  return { words, gaps: gaps.toSorted((a, b) => b.ms - a.ms) };
};
