import type { TimedWord, Utterance } from './types.ts';

/** An utterance's words with times; spread over its letters when only the whole has times. */
export const timedWords = (utterance: Utterance): readonly TimedWord[] => {
  if (utterance.words !== undefined) return utterance.words;
  const { startMs, endMs, text } = utterance;
  const msPerLetter = (endMs - startMs) / Math.max(1, text.length);
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    text: word,
    ...(index > 0 && { blankBefore: true }),
    startMs: startMs + Math.round(index * msPerLetter),
    endMs: startMs + Math.round((index + word.length) * msPerLetter),
  }));
};

/** Whether the word ends a sentence, in any script, closing quotes and brackets aside. */
export const endsSentence = (word: string): boolean =>
  /[\p{Sentence_Terminal}\u2026\u3002][\p{Pe}\p{Pf}"'\u2019]*$/u.test(word);
