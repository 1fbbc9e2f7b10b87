/** Text for a picture: how wide it will be, and how to make it fit. Pure; widths are counted, not measured. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Scripts whose characters fill a square, and emoji. They count about double. */
const FULL_WIDTH =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\p{Regional_Indicator}\u3000-\u303f\uff01-\uff60]/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** Controls, and the marks that turn the direction of whatever follows them. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Width in ems of one grapheme in Noto Sans, on the generous side: too short is better than cut off. */
const graphemeWidthEm = (grapheme: string): number => {
  if (FULL_WIDTH.test(grapheme)) return 1.15;
  if (/^[iljtfrI1.,:;'’|!()[\]\s-]/u.test(grapheme)) return 0.36;
  if (/^[mwMW@%…—]/u.test(grapheme)) return 0.95;
  if (/^\p{Lu}/u.test(grapheme)) return 0.7;
  return 0.6;
};

export const textWidthEm = (text: string): number => {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidthEm(segment);
  return width;
};

/**
 * One line of at most `maxEm` ems, cut between graphemes with "…" when it is longer. Right-to-left text is
 * isolated, so that its "…" stands where its reader comes to the end.
 */
export const fitText = (text: string, maxEm: number): string => {
  const line = text.replace(UNPRINTABLE, ' ').replace(/\s+/gu, ' ').trim();
  const fitted = textWidthEm(line) <= maxEm ? line : cut(line, maxEm - graphemeWidthEm('…'));
  return RIGHT_TO_LEFT.test(fitted) ? `${FIRST_STRONG_ISOLATE}${fitted}${POP_ISOLATE}` : fitted;
};

const cut = (line: string, maxEm: number): string => {
  let kept = '';
  let width = 0;
  for (const { segment } of graphemes.segment(line)) {
    width += graphemeWidthEm(segment);
    if (width > maxEm) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
};
