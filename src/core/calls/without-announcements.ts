import type { TranscribedWord } from '../transcription.ts';
import { normalizeWord } from './align.ts';
import { SPOKEN } from './spoken.ts';

/** What a machine may say to a telephone while its call is recorded. */
const SENTENCES = [
  SPOKEN.notReady,
  SPOKEN.broken,
  SPOKEN.again,
  SPOKEN.connected,
  SPOKEN.over,
  SPOKEN.hungUp,
  SPOKEN.tooLong,
].map((sentence) => sentence.split(' ').map(normalizeWord));

/** It is interrupted as soon as there is something better to hear. Fewer words than this may be anybody's. */
const FEWEST = 3;

/**
 * What a telephone heard of people: its words without the sentences that a machine said to it, whole or as far as they
 * got. Words are given by start, of one channel.
 */
export const withoutAnnouncements = (words: readonly TranscribedWord[]): readonly TranscribedWord[] => {
  const kept: TranscribedWord[] = [];
  for (let at = 0; at < words.length; ) {
    const said = Math.max(...SENTENCES.map((sentence) => saidOf(sentence, words, at)));
    if (said < FEWEST) kept.push(words[at]!);
    at += said < FEWEST ? 1 : said;
  }
  return kept;
};

/** How many words of a sentence stand here, from its first. */
const saidOf = (sentence: readonly string[], words: readonly TranscribedWord[], at: number): number => {
  const differs = sentence.findIndex(
    (word, i) => words[at + i] === undefined || normalizeWord(words[at + i]!.text) !== word,
  );
  return differs === -1 ? sentence.length : differs;
};
