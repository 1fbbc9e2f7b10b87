/** Scripts that are written without spaces between words, and the marks that go with them. */
const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}' +
  '\\p{Script=Myanmar}\\u3000-\\u303f\\u30fb-\\u30fe\\uff01-\\uff5e]';
const ENDS_UNSPACED = new RegExp(`${UNSPACED}$`, 'u');
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u');

/** The separator of two words: none within text of a script without spaces, else one space. */
export const between = (left: string, right: string): '' | ' ' =>
  // Below U+0E00 every script has spaces. The check is faster than the pattern.
  left.charCodeAt(left.length - 1) >= 0xe00 && ENDS_UNSPACED.test(left) && STARTS_UNSPACED.test(right)
    ? ''
    : ' ';

export const joinWords = (words: readonly string[]): string => {
  let text = words[0] ?? '';
  for (let i = 1; i < words.length; i += 1) text += between(words[i - 1]!, words[i]!) + words[i]!;
  return text;
};
