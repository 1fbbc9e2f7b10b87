import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';

/**
 * The bundled fonts: Noto Sans, from npm packages that split it into subsets, each for some ranges of Unicode. A chart
 * needs two or three of some three hundred subsets; they are loaded when a text first needs them, and kept, since a
 * team's names are the same in its next chart.
 */

interface Subset {
  readonly family: string;
  readonly path: string;
  readonly ranges: readonly (readonly [number, number])[];
}

const resolve = createRequire(import.meta.url);

/** Latin, Greek, Cyrillic, Vietnamese, Devanagari. Always loaded: every chart has digits. */
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
 * One file for all emoji. The package's subsets do not work here: they are drawn blank, and a sequence like a woman at a
 * computer needs its parts in one font.
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

/** The subsets of a package, by its list of Unicode ranges. */
const subsetsOf = (name: string): Subset[] => {
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

const covers = (subset: Subset, codePoint: number): boolean =>
  subset.ranges.some(([first, last]) => codePoint >= first && codePoint <= last);

export interface Fonts {
  /** Loads what `text` needs. Returns the CSS `font-family` list that draws it. */
  familiesFor(text: string): string;
}

export const createFonts = (): Fonts => {
  const subsets = new Map<string, Subset[]>();
  const loaded = new Set<string>();

  const subsetsIn = (name: string): Subset[] => {
    const known = subsets.get(name) ?? subsetsOf(name);
    subsets.set(name, known);
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
        const name = order.find((each) => subsetsIn(each).some((subset) => covers(subset, codePoint)));
        // Several subsets of one package may have a character, such as combining accents.
        for (const subset of name === undefined ? [] : subsetsIn(name))
          if (covers(subset, codePoint)) families.add(load(subset.family, subset.path));
      }
      if (IS_EMOJI.test(text)) families.add(load('noto-color-emoji', join(packageDir(EMOJI), EMOJI_FILE)));
      return [...families, 'sans-serif'].join(', ');
    },
  };
};

/** Japanese and Korean have their own forms of some Han characters; kana or hangul in a text decide. */
const packageOrder = (text: string): string[] => {
  const han = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
    ? [JAPANESE, CHINESE, KOREAN]
    : /\p{Script=Hangul}/u.test(text)
      ? [KOREAN, CHINESE, JAPANESE]
      : [CHINESE, JAPANESE, KOREAN];
  return [BASE, ...OTHER_SCRIPTS, ...han];
};
