import { toSingleLine } from '../single-line.ts';
import type { SpokenLanguage, TranscribedWord, Transcription } from '../transcription.ts';

/** Fewer words than this are mistakes of the engine, or single names. */
const MIN_SHARE = 0.02;
/** From here on a language is spoken beside the first, not now and then. */
const SECOND_SHARE = 0.3;

/** The languages of a transcription, the most frequent first; empty when the engine detected none. */
export const spokenLanguages = ({ language, languages }: Transcription): readonly SpokenLanguage[] =>
  languages ?? (language === null ? [] : [{ tag: language, share: 1 }]);

/** "German", "German, some English", "German and English, some French"; null when none is known. */
export const describeLanguages = (languages: readonly SpokenLanguage[]): string | null => {
  const heard = languages.filter(({ share }) => share >= MIN_SHARE);
  if (heard.length === 0) return null;
  const names = (all: readonly SpokenLanguage[]): string =>
    new Intl.ListFormat('en').format(new Set(all.map(({ tag }) => languageName(tag))));
  const main = heard.filter(({ share }, i) => i === 0 || share >= SECOND_SHARE);
  const some = heard.slice(main.length);
  return some.length === 0 ? names(main) : `${names(main)}, some ${names(some)}`;
};

const displayNames = new Intl.DisplayNames('en', { type: 'language' });

const languageName = (tag: string): string => {
  try {
    return displayNames.of(tag) ?? tag;
  } catch {
    return toSingleLine(tag);
  }
};

/** Below this the engine itself rather doubts the word. */
const DOUBTED_CONFIDENCE = 0.5;

/** The share of words that the engine doubts, of those for which it says so: 0 to 1. */
export const doubtedShare = (words: readonly Pick<TranscribedWord, 'confidence'>[]): number => {
  const known = words.filter(({ confidence }) => confidence !== null);
  const doubted = known.filter(({ confidence }) => confidence! < DOUBTED_CONFIDENCE);
  return known.length === 0 ? 0 : doubted.length / known.length;
};

/** Clear speech has 2% of doubted words. From here on the result says so. */
const WORTH_SAYING = 0.1;

/** "12% of the words are uncertain."; null when so few are that it isn't worth saying. */
export const describeDoubt = ({ doubtedShare: share }: { readonly doubtedShare: number }): string | null =>
  share < WORTH_SAYING ? null : `${Math.round(share * 100)}% of the words are uncertain.`;
