/** Overrides, embeddings and isolates of writing direction, which can disguise text. */
const DIRECTION_TRICKS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A fast check: transcripts have words by the million, and nearly all are clean. */
const UNTIDY = /[\s\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/**
 * `text` on one line: well-formed and trimmed, without line breaks, control characters or overridden writing direction.
 * Right-to-left names and joined emoji are kept.
 */
export const toSingleLine = (text: string): string => {
  const wellFormed = text.toWellFormed();
  if (!UNTIDY.test(wellFormed)) return wellFormed;
  return wellFormed
    .replace(DIRECTION_TRICKS, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
};

const characters = new Intl.Segmenter();

/** As many of the first grapheme clusters as fit into `limit` by `sizeOf`. */
export const firstCharacters = (
  text: string,
  limit: number,
  sizeOf: (character: string) => number = (character) => character.length,
): string => {
  let size = 0;
  let end = 0;
  for (const { segment } of characters.segment(text)) {
    size += sizeOf(segment);
    if (size > limit) break;
    end += segment.length;
  }
  return text.slice(0, end);
};

/** `text` when it has at most `limit` UTF-16 units, else its beginning and "…", within the limit. */
export const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : `${firstCharacters(text, limit - 1).trimEnd()}…`;
