/** Scripts that are written without spaces between words. */
const SCRIPTS =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}' +
  '\\p{Script=Myanmar}';
/** With the marks that go with them. */
const UNSPACED = `[${SCRIPTS}\\u3000-\\u303f\\u30fb-\\u30fe\\uff01-\\uff5e]`;
const ENDS_UNSPACED = new RegExp(`${UNSPACED}$`, 'u');
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u');
const UNSPACED_LETTER = new RegExp(`[${SCRIPTS}]`, 'gu');
const LETTERS_OR_DIGITS = /[\p{L}\p{N}]+/gu;

/** A word with what the engine says about the blank before it. */
export interface JoinableWord {
  readonly text: string;
  /**
   * Whether the engine's own transcript has a blank before the word. Left out where that is what `between` says of the
   * two words, which nearly always holds.
   */
  readonly blankBefore?: boolean;
}

/** The separator of two words by their scripts: none within text of a script without spaces, else one space. */
export const between = (left: string, right: string): '' | ' ' =>
  // Below U+0E00 every script has spaces. The check is faster than the pattern.
  left.charCodeAt(left.length - 1) >= 0xe00 && ENDS_UNSPACED.test(left) && STARTS_UNSPACED.test(right)
    ? ''
    : ' ';

/** The separator before `word`: as the engine wrote it, else by the scripts. */
export const separatorBefore = (word: JoinableWord, previous: string): '' | ' ' =>
  word.blankBefore === undefined ? between(previous, word.text) : word.blankBefore ? ' ' : '';

export const joinWords = (words: readonly JoinableWord[]): string => {
  let text = words[0]?.text ?? '';
  for (let i = 1; i < words.length; i += 1) {
    text += separatorBefore(words[i]!, words[i - 1]!.text) + words[i]!.text;
  }
  return text;
};

/** Words differ from the transcript by what formatting adds between them; farther away is another word. */
const MAX_SKIPPED = 40;

/**
 * Marks the words whose blanks the engine's `transcript` sets differently from `between`: numbers and Latin in Chinese
 * or Japanese text, where each character may be a word. A word that the transcript lacks gets no mark.
 */
export const withBlanks = <W extends JoinableWord>(
  words: readonly W[],
  transcript: string,
): readonly (W & JoinableWord)[] => {
  let at = 0;
  return words.map((word, i) => {
    const found = transcript.indexOf(word.text, at);
    if (found < 0 || found - at > MAX_SKIPPED) return word;
    at = found + word.text.length;
    if (i === 0 || found === 0) return word;
    const blankBefore = /\s/u.test(transcript[found - 1]!);
    return blankBefore === (between(words[i - 1]!.text, word.text) === ' ') ? word : { ...word, blankBefore };
  });
};

/**
 * The letters and digits of `text`, where most of it is in scripts without spaces, so that no words can be counted; else
 * null. A word of another script weighs as much as one such letter.
 */
export const countCharacters = (text: string): number | null => {
  const unspaced = text.match(UNSPACED_LETTER)?.length ?? 0;
  if (unspaced === 0) return null;
  const others = text.replaceAll(UNSPACED_LETTER, ' ').match(LETTERS_OR_DIGITS) ?? [];
  return unspaced > others.length ? unspaced + others.join('').length : null;
};
