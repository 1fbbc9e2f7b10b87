import { joinWords } from './join-words.ts';
import type { PartyIndex, TimedWord, Utterance } from './types.ts';
import type { VoicedWord } from './voices.ts';

/** The longest pause within an utterance. Changes every figure of talk time. */
const PAUSE_MS = 500;

interface OpenUtterance {
  readonly party: PartyIndex;
  readonly words: TimedWord[];
  readonly startMs: number;
  endMs: number;
}

/**
 * Joins each party's words (given by start) into utterances. Utterances of one party are more than 500 ms apart, and so
 * never overlap; each ends with its latest word.
 */
export const toUtterances = (
  words: readonly VoicedWord[],
  partyOf: (word: VoicedWord) => PartyIndex,
): readonly Utterance[] => {
  const open = new Map<PartyIndex, OpenUtterance>();
  const all: OpenUtterance[] = [];
  for (const word of words) {
    const party = partyOf(word);
    const current = open.get(party);
    const { startMs, endMs } = word;
    if (current !== undefined && startMs - current.endMs <= PAUSE_MS) {
      current.words.push(word);
      current.endMs = Math.max(current.endMs, endMs);
    } else {
      const next = { party, words: [word], startMs, endMs };
      open.set(party, next);
      all.push(next);
    }
  }
  return all.map(close).sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.party - b.party);
};

const close = ({ party, startMs, endMs, words }: OpenUtterance): Utterance => ({
  party,
  startMs,
  endMs,
  text: joinWords(words),
  wordCount: words.length,
  words,
});
