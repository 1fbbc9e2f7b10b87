import type { CountryCode, NumberType } from 'libphonenumber-js/max';
import { countryInText } from './numbers.ts';
import { DECLINE_KEY } from './spoken.ts';

/** Why a call is refused, in the words of the person who asked for it. */

const EXAMPLE = '+44 20 7946 0000';
const ASK_ADMIN = 'Ask your Parley admin to allow more.';

export const NOT_A_NUMBER = `That doesn’t look like a phone number. Try ${EXAMPLE}.`;
export const SERVICE_CODE = `That’s a service code. Enter a whole phone number, such as ${EXAMPLE}.`;
export const SHORT_NUMBER = `That’s a short number. Enter a whole phone number, such as ${EXAMPLE}.`;
export const EMERGENCY =
  'Parley can’t call emergency services. Dial this number from a phone, so they can find you.';
export const OWN_WITH_EXTENSION =
  'Your own phone can’t be behind an extension. Enter a number that reaches it directly.';
export const UNKNOWN_COUNTRY = 'Unknown country code. Check the digits after the +.';
export const OWN_NUMBER = 'That’s the number Parley calls from. Enter another one.';

const notSupported = (numbers: string): string =>
  `${numbers} aren’t supported because of their rates. Use another number.`;
const PREMIUM = notSupported('Premium-rate numbers');
const SATELLITE = notSupported('Satellite phones');
const NETWORK = notSupported('Numbers of international networks');
const PERSONAL = notSupported('Personal numbers');
const SHARED_COST = notSupported('Shared-cost numbers');

/** By the code that stands in place of a country's. @see https://www.itu.int/pub/T-SP-E.164D */
export const NUMBER_WITHOUT_COUNTRY: Readonly<Record<string, string>> = {
  '800': 'International freephone numbers aren’t supported. Use another number.',
  '808': SHARED_COST,
  '870': SATELLITE,
  '878': PERSONAL,
  '881': SATELLITE,
  '882': NETWORK,
  '883': NETWORK,
  '888': 'Numbers for disaster relief aren’t supported. Use another number.',
  '979': PREMIUM,
};

export const NUMBER_OF_KIND: Partial<Record<NonNullable<NumberType>, string>> = {
  PREMIUM_RATE: PREMIUM,
  SHARED_COST,
  PERSONAL_NUMBER: PERSONAL,
  UAN: notSupported('Company-wide numbers (UAN)'),
  PAGER: 'That’s a pager. Use another number.',
  VOICEMAIL: 'That’s a voicemail box. Use another number.',
};

/** More would be an atlas. */
const MAX_COUNTRIES = 8;

export const countryNotAllowed = (country: CountryCode, allowed: readonly string[]): string => {
  if (allowed.length === 0)
    return 'Calls are turned off for all countries. Ask your Parley admin to allow some.';
  const names = allowed.map(countryInText).toSorted((a, b) => sortKey(a).localeCompare(sortKey(b), 'en'));
  const others = names.length - MAX_COUNTRIES;
  const list = [
    ...names.slice(0, MAX_COUNTRIES),
    ...(others > 0 ? [others === 1 ? '1 other country' : `${others} other countries`] : []),
  ];
  return `Calls to ${countryInText(country)} are turned off. You can call: ${list.join(', ')}. ${ASK_ADMIN}`;
};

const sortKey = (name: string): string => name.replace(/^the /, '');

/** Why no phone can have a number. `country` is null when it is unknown. */
export const invalidNumber = (
  fault: 'too-short' | 'too-long' | 'invalid',
  country: CountryCode | null,
  isNational: boolean,
): string => {
  const what = {
    'too-short': 'This number is too short',
    'too-long': 'This number is too long',
    invalid: 'This number isn’t valid',
  }[fault];
  const where = country === null ? '' : ` for ${countryInText(country)}`;
  const check = isNational ? 'Check it, or start with + and the country code.' : 'Check it and try again.';
  return `${what}${where}. ${check}`;
};

export const CALLER_NOT_ALLOWED =
  'Calling is limited to certain people here. Ask a workspace admin for access.';

export const allLinesInUse = (lines: number): string =>
  `${lines === 1 ? 'The only line is' : `All ${lines} lines are`} in use. Try again in a few minutes.`;

export const dailyLimitReached = (who: 'member' | 'channel' | 'workspace', calls: number): string => {
  const subject = { member: 'You’ve', channel: 'This channel has', workspace: 'This workspace has' }[who];
  const limit = `${calls} ${calls === 1 ? 'call' : 'calls'}`;
  return `${subject} reached the limit of ${limit} in 24 hours. Try later or ask your Parley admin.`;
};

export const NOTICE_MISSING = 'Add a recording notice. Everyone on the phone has to hear one.';
export const noticeTooLong = (maxLength: number): string =>
  `The recording notice is too long. Use at most ${maxLength} characters.`;
export const NOTICE_WITHOUT_KEY = `The recording notice has to mention that pressing ${DECLINE_KEY} declines. Write the key as “${DECLINE_KEY}”.`;
