import {
  type CountryCode,
  type PhoneNumber as ParsedNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import type { PhoneNumber } from '../ids.ts';
import { takeExtension, variantsOf } from './number-variants.ts';
import { countryName } from './numbers.ts';
import { isEmergency, isPrefixedEmergency, refusalByKind, refusalWithoutCountry } from './refused-numbers.ts';
import {
  countryNotAllowed,
  EMERGENCY,
  invalidNumber,
  NOT_A_NUMBER,
  OWN_NUMBER,
  SERVICE_CODE,
  SHORT_NUMBER,
  UNKNOWN_COUNTRY,
} from './sentences.ts';
import { parseSpelledNumber } from './spelled-number.ts';
import { parseTypedNumber, tidy } from './typed-number.ts';
import type { DialableNumber, DialPlan } from './types.ts';

/** `refused` is a sentence: why, and what to do. */
interface Refused {
  readonly refused: string;
}

/**
 * Parses the number at the beginning of typed or pasted text; `rest` is the title that follows it. National numbers are
 * those of the plan's default country. Digits after the number belong to it as long as that makes a valid number:
 * "+44 20 7946 0000 2nd reminder" and "… 0000 2 reminders" are both the London number. An extension that follows the
 * number is kept; letters are keys, as in 1-800-FLOWERS; earlier forms of a country's numbers become today's.
 */
export const parseDialableNumber = (
  text: string,
  plan: DialPlan,
): { readonly dialable: DialableNumber; readonly rest: string } | Refused => {
  const typed = parseTypedNumber(text);
  if (typed.type === 'code') return { refused: SERVICE_CODE };
  const divisions = typed.type === 'none' ? [] : typed.divisions;
  const [whole] = divisions;
  if (whole !== undefined && isEmergency(whole.number)) return { refused: EMERGENCY };
  const candidates = [
    ...divisions.map((division) => ({ ...division, isSpelled: false })),
    ...parseSpelledNumber(text.trim()).map(({ number, rest }) => ({
      number,
      rest: tidy(rest),
      isSpelled: true,
    })),
  ];
  for (const { number, rest, isSpelled } of candidates) {
    const parsed = variantsOf(number, { isSpelled, plan })
      .map((variant) => parse(variant, plan))
      .find((each) => each?.isValid());
    if (parsed === undefined) continue;
    const { extension, rest: title } = takeExtension(rest);
    const judged = checkDialable(parsed, extension, plan);
    return 'refused' in judged ? judged : { dialable: judged, rest: title };
  }
  return { refused: whole === undefined ? NOT_A_NUMBER : whyInvalid(whole.number, plan) };
};

const checkDialable = (
  parsed: ParsedNumber,
  extension: string | null,
  plan: DialPlan,
): DialableNumber | Refused => {
  const { country, number } = parsed;
  if (number === plan.callerId) return { refused: OWN_NUMBER };
  const refused = refusalWithoutCountry(number, parsed) ?? refusalByKind(parsed);
  if (refused !== undefined) return { refused };
  // The rest have one; the library's types cannot say so.
  if (country === undefined) return { refused: UNKNOWN_COUNTRY };
  if (!plan.countries.includes(country)) return { refused: countryNotAllowed(country, plan.countries) };
  return {
    number: number as string as PhoneNumber,
    extension,
    formatted: withExtension(parsed.formatInternational(), extension),
    country: countryName(country),
  };
};

/** As people write it. */
const withExtension = (formatted: string, extension: string | null): string =>
  extension === null ? formatted : `${formatted} ext. ${extension}`;

const parse = (number: string, { defaultCountry }: DialPlan): ParsedNumber | undefined =>
  parsePhoneNumberFromString(number, { defaultCountry: defaultCountry as CountryCode, extract: false });

/** The longest short numbers: help lines, directory enquiries, banks. */
const SHORT_DIGITS = 6;

const whyInvalid = (number: string, plan: DialPlan): string => {
  const parsed = parse(number, plan);
  const withoutCountry = refusalWithoutCountry(number, parsed);
  if (withoutCountry !== undefined) return withoutCountry;
  if (isPrefixedEmergency(number, parsed)) return EMERGENCY;
  const isNational = !number.startsWith('+') && parsed?.country === plan.defaultCountry;
  if (number.length <= SHORT_DIGITS && !number.startsWith('+')) return SHORT_NUMBER;

  const country = parsed?.country ?? null;
  const defaultCountry = plan.defaultCountry as CountryCode;
  switch (validatePhoneNumberLength(number, { defaultCountry })) {
    case 'INVALID_COUNTRY':
      return UNKNOWN_COUNTRY;
    case 'NOT_A_NUMBER':
      return NOT_A_NUMBER;
    case 'TOO_SHORT':
      return invalidNumber('too-short', country, isNational);
    case 'TOO_LONG':
      return invalidNumber('too-long', country, isNational);
    case 'INVALID_LENGTH':
    case undefined:
      return invalidNumber('invalid', country, isNational);
  }
};
