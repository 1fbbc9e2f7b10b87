import { normalizeWord } from '../transcript/echo.ts';
import type { TranscribedWord } from '../transcription.ts';
import { SPOKEN } from './spoken.ts';

/** What may be spoken to a phone while its call is recorded. */
const SENTENCES = [
  SPOKEN.notReady,
  SPOKEN.broken,
  SPOKEN.again,
  SPOKEN.connected,
  SPOKEN.over,
  SPOKEN.hungUp,
  SPOKEN.tooLong,
].map((sentence) => sentence.split(' ').map(normalizeWord));

/** Announcements may be cut off. Fewer words than this may be said by people. */
const MIN_WORDS = 3;

/** The words of a phone's receiving channel without our announcements, whole or cut off. Takes words by start. */
export const withoutAnnouncements = (words: readonly TranscribedWord[]): readonly TranscribedWord[] => {
  const kept: TranscribedWord[] = [];
  for (let at = 0; at < words.length; ) {
    const matching = Math.max(...SENTENCES.map((sentence) => matchingWords(sentence, words, at)));
    if (matching < MIN_WORDS) kept.push(words[at]!);
    at += matching < MIN_WORDS ? 1 : matching;
  }
  return kept;
};

/** How many words of the sentence, from its first, are found at this position. */
const matchingWords = (
  sentence: readonly string[],
  words: readonly TranscribedWord[],
  at: number,
): number => {
  const differs = sentence.findIndex(
    (word, i) => words[at + i] === undefined || normalizeWord(words[at + i]!.text) !== word,
  );
  return differs === -1 ? sentence.length : differs;
};
