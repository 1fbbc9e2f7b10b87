/**
 * The longest that anyone takes to say a word: a second, and a quarter of one for each letter; a digit is a word by itself
 * ("7", "seven"). Some engines end the last word before a silence where the silence ends, and all of it would count as
 * speech. Moving the second moves the speaking time of such words.
 */
const longestMs = (text: string): number => {
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  return 1_000 + (text.length + 2 * digits) * 250;
};

/** When a word that an engine ends at `endMs` was over. */
export const likelyEndMs = (text: string, startMs: number, endMs: number): number =>
  Math.min(endMs, startMs + longestMs(text));
