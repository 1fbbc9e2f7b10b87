import { parseIncompletePhoneNumber } from 'libphonenumber-js/max';

/** One way to divide what was typed into a number and what it is about. */
interface Division {
  /** Digits, perhaps after a plus. */
  readonly number: string;
  readonly rest: string;
}

type TypedNumber =
  /** The longest number first. */
  | { readonly type: 'number'; readonly divisions: readonly [Division, ...Division[]] }
  /** Something that tells the network what to do: `*100#`. */
  | { readonly type: 'code' }
  | { readonly type: 'none' };

/** Longer ones are no number, however they are divided. */
const MOST_GROUPS = 12;

/**
 * Reads the number at the beginning of what somebody typed or pasted, without knowing which numbers there are. Where it
 * ends cannot be seen when what it is about begins with digits, so every group of digits may have been its last. A comma
 * or a colon ends it for certain.
 */
export const parseTypedNumber = (typed: string): TypedNumber => {
  const text = typed.trim();
  const link = /^<tel:([^|>]*)(?:\|[^>]*)?>/i.exec(text) ?? /^tel:(\S+)/i.exec(text);
  if (link !== null) return readLink(link[1]!, text.slice(link[0].length));
  if (/^\+?[\d()./-]*[*#]/.test(text)) return { type: 'code' };

  const divisions: Division[] = [];
  let number = '';
  for (const { 0: group, index } of text.matchAll(/\S+/g)) {
    const [, part, stop] = /^(.*?)([,;:.!?]*)$/.exec(withoutMarks(group))!;
    // Only the first group may have a plus; another number begins with the next.
    if (!(number === '' ? FIRST_GROUP : LATER_GROUP).test(part!)) break;
    number += parseIncompletePhoneNumber(part!);
    if (/\d$/.test(number)) divisions.unshift({ number, rest: tidy(text.slice(index + group.length)) });
    if (stop !== '' || divisions.length === MOST_GROUPS) break;
  }
  const [longest, ...others] = divisions;
  return longest === undefined ? { type: 'none' } : { type: 'number', divisions: [longest, ...others] };
};

/** Digits of any script; dashes as word processors write them. */
const LATER_GROUP = /^[\p{Nd}\p{Pd}()./]*$/u;
const FIRST_GROUP = /^\(?[+\uff0b]?[\p{Nd}\p{Pd}()./]*$/u;

/** Address books put marks of writing direction around numbers, which nobody sees. */
const withoutMarks = (text: string): string => text.replace(/\p{Cf}/gu, '');

/** A link says where its number ends. @see https://www.rfc-editor.org/rfc/rfc3966 */
const readLink = (target: string, after: string): TypedNumber => {
  const [number = ''] = target.replace(/%2b/i, '+').replaceAll('%20', ' ').split(';');
  const read = parseTypedNumber(number);
  if (read.type !== 'number') return read;
  const [{ number: whole, rest }] = read.divisions;
  return rest === ''
    ? { type: 'number', divisions: [{ number: whole, rest: tidy(after) }] }
    : { type: 'none' };
};

const tidy = (rest: string): string => rest.replace(/^[\s,;:./\p{Pd}]+/u, '').trimEnd();
