/** Matches, in JSON text, every escape that Postgres might not take, and a few harmless ones. */
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** Text as Postgres can keep it: it knows neither U+0000 nor half a surrogate pair. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** JSON text for a jsonb column. Hours of words pass here, so strings are looked at one by one only when need be. */
export const toJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  if (!SUSPECT.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
};
