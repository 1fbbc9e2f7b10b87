/** Matches, in JSON text, every escape that Postgres may refuse, and a few harmless ones. */
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** Text that Postgres can store: without U+0000 and lone surrogates. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** JSON text for a jsonb column. Transcripts are large, so strings are checked one by one only when needed. */
export const toJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  if (!SUSPECT.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
};
