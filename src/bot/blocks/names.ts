import { clean, count } from './text.ts';

const NAME_MAX = 40;
/** As many names as fit into a line or two; the rest is counted. */
const NAMES_SHOWN = 8;

const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** "Ana, Ben and Yuki"; past eight, the rest is counted. */
export const listNames = (names: readonly string[]): string => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => clean(name, NAME_MAX) || 'Somebody');
  const more = names.length - shown.length;
  return conjunction.format(more === 0 ? shown : [...shown, count(more, 'other')]);
};
