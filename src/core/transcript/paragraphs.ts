import { joinWords } from './join-words.ts';
import { endsSentence, timedWords } from './timed-words.ts';
import type { Paragraph, PartyIndex, TimedWord, Transcript } from './types.ts';

/** A longer pause begins a new paragraph, with a time of its own. */
const PAUSE_MS = 3_000;
/** After this a paragraph ends with its sentence. */
const LONG_MS = 60_000;
/** After this it ends with any word, because some text has no sentences. */
const TOO_LONG_MS = 90_000;

/** The transcript for reading, in the order of its utterances. Keeps every word. */
export const toParagraphs = (transcript: Transcript): readonly Paragraph[] => {
  const paragraphs: Paragraph[] = [];
  let party: PartyIndex | null = null;
  let words: TimedWord[] = [];
  let endMs = 0;

  const finish = (): void => {
    if (party !== null && words.length > 0) paragraphs.push({ party, ...toText(words) });
    words = [];
    endMs = 0;
  };

  for (const utterance of transcript.utterances) {
    if (utterance.party !== party || utterance.startMs - endMs > PAUSE_MS) finish();
    party = utterance.party;
    for (const word of timedWords(utterance)) {
      if (words.length > 0 && isFull(words, word)) finish();
      words.push(word);
      endMs = Math.max(endMs, word.endMs);
    }
  }
  finish();
  return paragraphs;
};

/** Whether the paragraph should end before `next`. */
const isFull = (words: readonly TimedWord[], next: TimedWord): boolean => {
  const lengthMs = next.endMs - words[0]!.startMs;
  return lengthMs > TOO_LONG_MS || (lengthMs > LONG_MS && endsSentence(words.at(-1)!.text));
};

const toText = (words: readonly TimedWord[]): Omit<Paragraph, 'party'> => ({
  startMs: words[0]!.startMs,
  endMs: words.reduce((endMs, word) => Math.max(endMs, word.endMs), 0),
  text: joinWords(words),
});
