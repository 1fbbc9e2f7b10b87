/** Question marks of scripts with spaces between words: Latin, Arabic, Ethiopic, Limbu, Coptic, Vai, Bamum. */
const MARKS = '?\\u061f\\u1367\\u1945\\u203d\\u2047-\\u2049\\u2cfa\\u2cfb\\u2e2e\\ua60f\\ua6f7\\ufe56';
const CLOSING = '[\\p{Pe}\\p{Pf}\\p{Pi}"\'*_~]*';

/**
 * A run of closing marks with a question mark in it ("?", "?!", "…?") that ends a sentence: closing quotes
 * aside, a blank, a comma, text of a script without spaces, or nothing follows. A "?" within a URL does not
 * count.
 */
const USUAL = new RegExp(
  `[.!\\u2026]*[${MARKS}][${MARKS}.!\\u2026]*${CLOSING}(?=[\\s,]|$|\\p{Script=Han}|\\p{Script=Hiragana}|\\p{Script=Katakana})`,
  'gu',
);
/** The wide mark of Chinese and Japanese; no blank follows it. */
const WIDE = /[\uff1f\ufe16]+/gu;
/** Armenian puts its mark on the interrogative word. */
const ARMENIAN = /\u055e/gu;
/** The Greek question mark looks like a semicolon, and is mostly typed as one. */
const GREEK = new RegExp(`\\u037e|(?<=\\p{Script=Greek}${CLOSING});(?=${CLOSING}(?:\\s|$))`, 'gu');

const ANY_MARK = new RegExp(`[;\\u037e\\u055e\\uff1f\\ufe16${MARKS}]`, 'u');

/** The number of sentences in `text` that end in a question mark, of any script. */
export const countQuestions = (text: string): number =>
  ANY_MARK.test(text)
    ? [USUAL, WIDE, ARMENIAN, GREEK].reduce((sum, mark) => sum + (text.match(mark)?.length ?? 0), 0)
    : 0;
