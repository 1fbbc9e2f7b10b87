import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PhoneNumber } from '../ids.ts';

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** Whether an ISO 3166 code of two letters has a numbering plan. */
export const isCountry = (code: string): boolean => isSupportedCountry(code);

/** Whether a text is a valid number in E.164, `+442079460000`: some country assigns numbers like this. */
export const isE164Number = (text: string): boolean =>
  parsePhoneNumberFromString(text, { extract: false })?.isValid() === true && /^\+\d+$/.test(text);

/** In English: `GB` is `United Kingdom`. */
export const countryName = (code: string): string => countryNames.of(code) ?? code;

/** Countries and territories whose names take an article in a sentence. `Intl` gives none. */
const WITH_ARTICLE = new Set(
  'AE BS CD CF CG CK DO FK FO GB GM IM IO KM KY MH MP MV NL PH PS SB SC TC UM US VA VG VI'.split(' '),
);

/** Within a sentence: `GB` is `the United Kingdom`. */
export const countryInText = (code: string): string =>
  `${WITH_ARTICLE.has(code) ? 'the ' : ''}${countryName(code)}`;

/** International format: `+44 20 7946 0000`. */
export const formatNumber = (number: PhoneNumber): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number;

/** So few of its last digits tell a caller's friends who it is, and no one else. */
const SHOWN_DIGITS = 4;

/**
 * What everyone may see of an inbound caller: `+44 •••• 0000`. Anything else is what networks send for withheld
 * numbers, and becomes "a hidden number".
 */
export const maskNumber = (text: string): string => {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  return parsed?.isValid()
    ? `+${parsed.countryCallingCode} •••• ${parsed.nationalNumber.slice(-SHOWN_DIGITS)}`
    : 'a hidden number';
};
