import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PhoneNumber } from '../ids.ts';

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** Whether telephones are numbered by this ISO 3166 code of two letters, for whoever reads a setting. */
export const isCountry = (code: string): boolean => isSupportedCountry(code);

/** Whether a telephone may have this number, which is written as `+442079460000`: some country numbers some like this. */
export const isE164Number = (text: string): boolean =>
  parsePhoneNumberFromString(text, { extract: false })?.isValid() === true && /^\+\d+$/.test(text);

/** In English: `GB` is `United Kingdom`. */
export const countryName = (code: string): string => countryNames.of(code) ?? code;

/** As one writes it anywhere in the world: `+44 20 7946 0000`. */
export const formatNumber = (number: PhoneNumber): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number;

/** How few of its last digits tell a caller's friends who it is, and nobody else. */
const SHOWN_DIGITS = 4;

/**
 * What everybody may see of a caller: `+44 •••• 0000`. What is no number of any country is what networks say of callers
 * that do not want to be known, and becomes "a hidden number".
 */
export const maskNumber = (text: string): string => {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  return parsed?.isValid()
    ? `+${parsed.countryCallingCode} •••• ${parsed.nationalNumber.slice(-SHOWN_DIGITS)}`
    : 'a hidden number';
};
