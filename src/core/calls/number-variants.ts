import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max';
import type { DialPlan } from './types.ts';

/** `x123`, `ext. 123`, `extension 123`, `ext=123`, after a number. */
const EXTENSION = /^(?:x|ext|extn|extension)[\s.:=#]*(\d{1,10})(?!\w)[\s,;:./\p{Pd}]*/iu;

/** The extension at the beginning of what follows a number, and what follows that. */
export const takeExtension = (rest: string): { readonly extension: string | null; readonly rest: string } => {
  const found = EXTENSION.exec(rest);
  return found === null
    ? { extension: null, rest }
    : { extension: found[1]!, rest: rest.slice(found[0].length) };
};

/** What follows a number with its extension: `+14155552671;ext=123`. @see https://www.rfc-editor.org/rfc/rfc3966 */
export const extensionParameter = (extension: string | null): string =>
  extension === null ? '' : `;ext=${extension}`;

/** Mexico's mobile numbers were dialled with a 1 after the country's code, and with 044 or 045 at home, until 2019. */
const MEXICO = /^(?:\+521|\+520?4[45]|0?4[45]|521)(\d{10})$/;

/** Mexico's number as it is dialled today; null for what is none in one of its earlier forms. */
const currentMexican = (number: string, { defaultCountry }: DialPlan): string | null => {
  const digits = MEXICO.exec(number)?.[1];
  if (digits === undefined) return null;
  return number.startsWith('+') || defaultCountry === 'MX' ? `+52${digits}` : null;
};

/** Of the North American plan, which the letters of longer names exceed: 1-800-CONTACTS. */
const NANP_DIGITS = 10;

/** Letters of a name that exceed the number are not dialled. */
const clipped = (number: string, { defaultCountry }: DialPlan): string => {
  if (number.startsWith('+1')) return number.slice(0, 2 + NANP_DIGITS);
  const isNanp = !number.startsWith('+') && getCountryCallingCode(defaultCountry as CountryCode) === '1';
  return isNanp ? number.slice(0, NANP_DIGITS + (number.startsWith('1') ? 1 : 0)) : number;
};

/** How a number may be meant that is none as it was typed. */
export const variantsOf = (
  number: string,
  { isSpelled, plan }: { readonly isSpelled: boolean; readonly plan: DialPlan },
): readonly string[] => {
  const mexican = currentMexican(number, plan);
  return [...(isSpelled ? [clipped(number, plan)] : [number]), ...(mexican === null ? [] : [mexican])];
};
