import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';

/**
 * The fonts that come with Parley: Noto Sans, from npm packages that hold it in pieces, each for some ranges of
 * Unicode. A chart needs two or three pieces of some three hundred; they are loaded when a text first needs
 * them and stay, since the same team's names come again.
 */

interface Piece {
  readonly family: string;
  readonly path: string;
  readonly ranges: readonly (readonly [number, number])[];
}

const resolve = createRequire(import.meta.url);

/** Latin, Greek, Cyrillic, Vietnamese, Devanagari. Loaded always: every chart has digits. */
const BASE = '@fontsource-variable/noto-sans';
const OTHER_SCRIPTS = [
  '@fontsource-variable/noto-sans-arabic',
  '@fontsource-variable/noto-sans-hebrew',
  '@fontsource-variable/noto-sans-thai',
];
const CHINESE = '@fontsource-variable/noto-sans-sc';
const JAPANESE = '@fontsource-variable/noto-sans-jp';
const KOREAN = '@fontsource-variable/noto-sans-kr';

/**
 * One file for all emoji. The same package's pieces are of no use here: as WOFF2 they come out blank, and a
 * sequence like a woman at a computer needs its parts in one font.
 */
const EMOJI = '@fontsource/noto-color-emoji';
const EMOJI_FILE = 'files/noto-color-emoji-emoji-400-normal.woff2';
const IS_EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\ufe0f/u;

const packageDir = (name: string): string => dirname(resolve.resolve(`${name}/package.json`));

const parseRanges = (list: string): [number, number][] =>
  list.split(',').map((range) => {
    const [from, to] = range.trim().replace(/^U\+/i, '').split('-');
    const first = Number.parseInt(from!, 16);
    return [first, to === undefined ? first : Number.parseInt(to, 16)];
  });

/** The pieces of a package, from the list of Unicode ranges that it carries. */
const piecesOf = (name: string): Piece[] => {
  const id = name.slice(name.lastIndexOf('/') + 1);
  const subsets = resolve(`${name}/unicode.json`) as Record<string, string>;
  return Object.entries(subsets).map(([subset, ranges]) => {
    const part = subset.replace(/[[\]]/g, '');
    return {
      family: `${id}-${part}`,
      path: join(packageDir(name), 'files', `${id}-${part}-wght-normal.woff2`),
      ranges: parseRanges(ranges),
    };
  });
};

const covers = (piece: Piece, codePoint: number): boolean =>
  piece.ranges.some(([first, last]) => codePoint >= first && codePoint <= last);

export interface Fonts {
  /** Loads what `text` needs and answers the CSS `font-family` list that draws it. */
  familiesFor(text: string): string;
}

export const createFonts = (): Fonts => {
  const pieces = new Map<string, Piece[]>();
  const loaded = new Set<string>();

  const piecesIn = (name: string): Piece[] => {
    const known = pieces.get(name) ?? piecesOf(name);
    pieces.set(name, known);
    return known;
  };
  const load = (family: string, path: string): string => {
    if (!loaded.has(family) && GlobalFonts.registerFromPath(path, family) === null)
      throw new Error(`The font ${family} could not be loaded; run npm ci.`);
    loaded.add(family);
    return family;
  };

  return {
    familiesFor(text) {
      const families = new Set<string>();
      const order = packageOrder(text);
      for (const character of new Set(`0${text}`)) {
        if (IS_EMOJI.test(character)) continue;
        const codePoint = character.codePointAt(0)!;
        const name = order.find((each) => piecesIn(each).some((piece) => covers(piece, codePoint)));
        // Several pieces of one package may hold a character: accents that join letters of each script do.
        for (const piece of name === undefined ? [] : piecesIn(name))
          if (covers(piece, codePoint)) families.add(load(piece.family, piece.path));
      }
      if (IS_EMOJI.test(text)) families.add(load('noto-color-emoji', join(packageDir(EMOJI), EMOJI_FILE)));
      return [...families, 'sans-serif'].join(', ');
    },
  };
};

/** Japanese and Korean write some Han characters in their own way: kana or hangul in a text tell which. */
const packageOrder = (text: string): string[] => {
  const han = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
    ? [JAPANESE, CHINESE, KOREAN]
    : /\p{Script=Hangul}/u.test(text)
      ? [KOREAN, CHINESE, JAPANESE]
      : [CHINESE, JAPANESE, KOREAN];
  return [BASE, ...OTHER_SCRIPTS, ...han];
};
