import { parseIncompletePhoneNumber } from 'libphonenumber-js/max';

/** One way to split the text into a number and a title. */
interface Division {
  /** Digits, optionally after a plus. */
  readonly number: string;
  readonly rest: string;
}

type TypedNumber =
  /** The longest number first. */
  | { readonly type: 'number'; readonly divisions: readonly [Division, ...Division[]] }
  /** A service code: `*100#`. */
  | { readonly type: 'code' }
  | { readonly type: 'none' };

/** No number has more groups of digits. */
const MAX_GROUPS = 12;

/**
 * Parses the number at the beginning of typed or pasted text, without knowing which numbers are valid. A title may begin
 * with digits, so every group of digits may be the number's last. A comma or a colon certainly ends it.
 */
export const parseTypedNumber = (typed: string): TypedNumber => {
  const text = typed.trim().replace(ATTACHED_EXTENSION, ' ');
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
    if (stop !== '' || divisions.length === MAX_GROUPS) break;
  }
  const [longest, ...others] = divisions;
  return longest === undefined ? { type: 'none' } : { type: 'number', divisions: [longest, ...others] };
};

/** Between a number and its extension: `2671x123`, `2671;ext=123`. */
const ATTACHED_EXTENSION = /(?<=\p{Nd}{4})(?=;?(?:x|ext)[\s.:=]*\p{Nd})/iu;

/** Digits of any script; dashes as word processors write them. */
const LATER_GROUP = /^[\p{Nd}\p{Pd}()./]*$/u;
const FIRST_GROUP = /^\(?[+\uff0b]?[\p{Nd}\p{Pd}()./]*$/u;

/** Address books put invisible direction marks around numbers. */
const withoutMarks = (text: string): string => text.replace(/\p{Cf}/gu, '');

/** A link delimits its number. @see https://www.rfc-editor.org/rfc/rfc3966 */
const readLink = (target: string, after: string): TypedNumber => {
  const [number = '', ...parameters] = target.replace(/%2b/i, '+').replaceAll('%20', ' ').split(';');
  const extension = parameters.find((parameter) => /^\s*ext=\d+$/i.test(parameter));
  const read = parseTypedNumber(number);
  if (read.type !== 'number') return read;
  const [{ number: whole, rest }] = read.divisions;
  return rest === ''
    ? { type: 'number', divisions: [{ number: whole, rest: tidy(`${extension ?? ''} ${after}`) }] }
    : { type: 'none' };
};

export const tidy = (rest: string): string => rest.replace(/^[\s,;:./\p{Pd}]+/u, '').trimEnd();
