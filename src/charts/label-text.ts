/** How wide text in a chart is, and how to make it fit. Widths are estimated, not measured. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Widths in ems of graphemes by their beginning, in regular Noto Sans, and rather too large than too small: better a
 * shortened name than a clipped one. The first match counts. Fonts of other QuickChart servers come close enough.
 */
const WIDTHS_EM: readonly (readonly [begins: RegExp, em: number])[] = [
  [/^[\p{Extended_Pictographic}\p{Regional_Indicator}]/u, 1.25],
  [
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u,
    1.05,
  ],
  [/^[iljI.,:;'’|!()[\]\s-]/u, 0.36],
  [/^[tfr]/u, 0.42],
  [/^\p{N}/u, 0.6],
  [/^[mwMW@%&ŒœÆæ…—ЖМФШЩЫЮжмфшщыюΜΨΩψω]/u, 1],
  [/^[\p{Script=Hebrew}\p{Script=Thai}]/u, 0.72],
  [/^[\p{Script=Arabic}\p{Script=Devanagari}]/u, 0.8],
  [/^\p{Lu}/u, 0.78],
  [/^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\P{L}]/u, 0.64],
];
/** Of scripts without a font of ours. */
const OTHER_WIDTH_EM = 1;

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** Control characters and bidirectional marks. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

const graphemeWidthEm = (grapheme: string): number =>
  WIDTHS_EM.find(([begins]) => begins.test(grapheme))?.[1] ?? OTHER_WIDTH_EM;

export const textWidthEm = (text: string): number => {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidthEm(segment);
  return width;
};

/**
 * One line of at most `maxEm` ems, cut between graphemes with "…" when it is longer. Right-to-left text is isolated, so
 * that the "…" is at its end.
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
