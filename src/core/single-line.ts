/** Overrides, embeddings and isolates of writing direction: they make text read as what it is not. */
const DIRECTION_TRICKS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** Whether there is anything to put right. Nearly always not, and words come by the million. */
const UNTIDY = /[\s\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/**
 * `text` as one line that reads as it is written: well-formed, without line breaks, control characters, turned
 * writing direction or blanks around. Right-to-left names and joined emoji stay as they are.
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

/** As many of the first characters (as people see them: a flag is one) as fit into `limit` by `sizeOf`. */
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

/** `text` itself when it is at most `limit` UTF-16 units long, else its beginning and "…", together within it. */
export const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : `${firstCharacters(text, limit - 1).trimEnd()}…`;
