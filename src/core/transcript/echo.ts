import type { Word } from './repair.ts';

/** Two engines' runs over the same sound place a word within a few hundredths; two people do not coincide so. */
const SAME_TIME_MS = 250;
/** Below this part of equal words, channels carry different talk (or much bleed, which is still worth reading). */
const SAME_WORDS = 0.8;

/**
 * The words without those of channels that repeat another channel: a mono recording saved in stereo would
 * otherwise hold two parties who say the same. Of such channels the one with the most words stays.
 */
export const withoutEchoes = <W extends Word>(words: readonly W[]): readonly W[] => {
  const channels = [...Map.groupBy(words, (word) => word.channel)].sort(
    ([a, wordsOfA], [b, wordsOfB]) => wordsOfB.length - wordsOfA.length || a - b,
  );
  const kept: (readonly W[])[] = [];
  const dropped = new Set<number>();
  for (const [channel, its] of channels) {
    if (kept.some((other) => isEcho(its, other))) dropped.add(channel);
    else kept.push(its);
  }
  return dropped.size === 0 ? words : words.filter((word) => !dropped.has(word.channel));
};

/** Both by start; `others` is the longer. */
const isEcho = (words: readonly Word[], others: readonly Word[]): boolean => {
  const needed = Math.ceil(others.length * SAME_WORDS);
  if (words.length < needed) return false;
  const taken = new Uint8Array(others.length);
  let equal = 0;
  let first = 0;
  for (const word of words) {
    const text = bare(word.text);
    while (first < others.length && others[first]!.startMs < word.startMs - SAME_TIME_MS) first += 1;
    for (let i = first; i < others.length && others[i]!.startMs <= word.startMs + SAME_TIME_MS; i += 1) {
      if (taken[i] === 1 || bare(others[i]!.text) !== text) continue;
      taken[i] = 1;
      equal += 1;
      break;
    }
  }
  return equal >= needed;
};

/** Punctuation and capitals differ between channels, because the engine guesses them from what is around. */
const bare = (text: string): string => text.toLowerCase().replace(/[\p{P}\s]/gu, '');
