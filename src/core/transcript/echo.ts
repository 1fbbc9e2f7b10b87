import type { Word } from './repair.ts';

/** Two channels with the same audio agree on word times within hundredths of a second; two people do not. */
const SAME_TIME_MS = 250;
/** With a smaller share of equal words, channels carry different speech, or crosstalk, which is worth reading. */
const SAME_WORDS = 0.8;

/**
 * Drops channels that repeat another one: a mono recording saved in stereo would otherwise have two parties who say the
 * same. The channel with the most words is kept.
 */
export const withoutEchoes = <W extends Word>(words: readonly W[]): readonly W[] => {
  const channels = [...Map.groupBy(words, (word) => word.channel)].sort(
    ([a, wordsOfA], [b, wordsOfB]) => wordsOfB.length - wordsOfA.length || a - b,
  );
  const kept: (readonly W[])[] = [];
  const dropped = new Set<number>();
  for (const [channel, own] of channels) {
    if (kept.some((other) => isEcho(own, other))) dropped.add(channel);
    else kept.push(own);
  }
  return dropped.size === 0 ? words : words.filter((word) => !dropped.has(word.channel));
};

/** Both by start; `others` is the longer. */
const isEcho = (words: readonly Word[], others: readonly Word[]): boolean => {
  const needed = Math.ceil(others.length * SAME_WORDS);
  return words.length >= needed && countSame(words, others) >= needed;
};

/** Whether nearly all of the words are said in the other recording of the same time, which may have more. */
export const isContained = (words: readonly SpokenText[], others: readonly SpokenText[]): boolean => {
  const byStart = (all: readonly SpokenText[]): SpokenText[] => all.toSorted((a, b) => a.startMs - b.startMs);
  return countSame(byStart(words), byStart(others)) >= Math.ceil(words.length * SAME_WORDS);
};

type SpokenText = Pick<Word, 'text' | 'startMs'>;

/** How many of the words are at the same time in the others, each of which counts once. Both by start. */
const countSame = (words: readonly SpokenText[], others: readonly SpokenText[]): number => {
  const taken = new Uint8Array(others.length);
  let equal = 0;
  let first = 0;
  for (const word of words) {
    const text = normalizeWord(word.text);
    while (first < others.length && others[first]!.startMs < word.startMs - SAME_TIME_MS) first += 1;
    for (let i = first; i < others.length && others[i]!.startMs <= word.startMs + SAME_TIME_MS; i += 1) {
      if (taken[i] === 1 || normalizeWord(others[i]!.text) !== text) continue;
      taken[i] = 1;
      equal += 1;
      break;
    }
  }
  return equal;
};

/** Without punctuation and capitals, which an engine guesses for each channel and each run. */
export const normalizeWord = (text: string): string => text.toLowerCase().replace(/[\p{P}\s]/gu, '');
