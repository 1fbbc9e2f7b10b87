import {
  type CountryCode,
  type PhoneNumber as ParsedNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import type { PhoneNumber } from '../ids.ts';
import {
  isEmergency,
  isPrefixedEmergency,
  refusalByCountry,
  refusalByKind,
  refusalWithoutCountry,
} from './not-dialled.ts';
import { countryName } from './numbers.ts';
import { parseTypedNumber } from './typed-number.ts';
import type { DialableNumber, DialPlan } from './types.ts';

/** Refused with a sentence that says why, and what to do. */
interface Refused {
  readonly refused: string;
}

/**
 * Which number somebody wants rung who typed it first and then what it is about (`rest`), both perhaps pasted. National
 * numbers are those of the plan's default country. Digits that follow the number belong to it as long as there is such
 * a number: "+44 20 7946 0000 2nd reminder", "… 0000 2 reminders" are both the London number.
 */
export const parseDialableNumber = (
  text: string,
  plan: DialPlan,
): { readonly dialable: DialableNumber; readonly rest: string } | Refused => {
  const typed = parseTypedNumber(text);
  if (typed.type === 'none') return { refused: NOT_A_NUMBER };
  if (typed.type === 'code') return { refused: SERVICE_CODE };
  const [whole] = typed.divisions;
  if (isEmergency(whole.number)) return { refused: EMERGENCY };
  for (const { number, rest } of typed.divisions) {
    const parsed = parse(number, plan);
    if (!parsed?.isValid()) continue;
    const judged = checkDialable(parsed, plan);
    return 'refused' in judged ? judged : { dialable: judged, rest };
  }
  return { refused: whyInvalid(whole.number, plan) };
};

const EXAMPLE = 'such as +44 20 7946 0000';
/** Read after `/call`, where what it is about may follow, and in fields that take a number alone. */
const NOT_A_NUMBER = `Parley sees no telephone number there. Begin with the whole number in digits, ${EXAMPLE}.`;
const SERVICE_CODE = `That is a service code, and Parley rings whole telephone numbers only, ${EXAMPLE}.`;
const EMERGENCY =
  'That is an emergency number, and Parley does not ring those. Take a telephone, which also tells them where you are.';
const SHORT_NUMBER = `That is a short number, and Parley rings whole telephone numbers only, ${EXAMPLE}.`;
const UNKNOWN_COUNTRY =
  'No country’s numbers begin like this. Check the code of the country, which follows the plus.';
const OWN = 'This is the number that Parley calls from, so it cannot be rung.';

const checkDialable = (parsed: ParsedNumber, plan: DialPlan): DialableNumber | Refused => {
  const { country, number } = parsed;
  if (number === plan.callerId) return { refused: OWN };
  const refused = refusalWithoutCountry(number, parsed) ?? refusalByKind(parsed);
  if (refused !== undefined) return { refused };
  // All that are left have one; the library's types cannot say so.
  if (country === undefined) return { refused: UNKNOWN_COUNTRY };
  if (!plan.countries.includes(country)) return { refused: refusalByCountry(country, plan.countries) };
  return {
    // Branded here, where it became one.
    number: number as string as PhoneNumber,
    formatted: parsed.formatInternational(),
    country: countryName(country),
  };
};

const parse = (number: string, { defaultCountry }: DialPlan): ParsedNumber | undefined =>
  parsePhoneNumberFromString(number, { defaultCountry: defaultCountry as CountryCode, extract: false });

/** The longest numbers that people know as short ones: help lines, directory enquiries, banks. */
const SHORT_DIGITS = 6;

const whyInvalid = (number: string, plan: DialPlan): string => {
  const parsed = parse(number, plan);
  const withoutCountry = refusalWithoutCountry(number, parsed);
  if (withoutCountry !== undefined) return withoutCountry;
  if (isPrefixedEmergency(number, parsed)) return EMERGENCY;
  const isNational = !number.startsWith('+') && parsed?.country === plan.defaultCountry;
  if (number.length <= SHORT_DIGITS && !number.startsWith('+')) return SHORT_NUMBER;

  const country = parsed?.country;
  const where = country === undefined ? 'in this country' : `in ${countryName(country)}`;
  const check = isNational
    ? 'Check it; the number of another country begins with a plus and the country’s code.'
    : 'Check it.';
  const defaultCountry = plan.defaultCountry as CountryCode;
  switch (validatePhoneNumberLength(number, { defaultCountry })) {
    case 'INVALID_COUNTRY':
      return UNKNOWN_COUNTRY;
    case 'NOT_A_NUMBER':
      return NOT_A_NUMBER;
    case 'TOO_SHORT':
      return `This number is too short: numbers ${where} are longer. ${check}`;
    case 'TOO_LONG':
      return `This number is too long: numbers ${where} are shorter. ${check}`;
    case 'INVALID_LENGTH':
    case undefined:
      return `No telephone ${where} can have this number. ${check}`;
  }
};
