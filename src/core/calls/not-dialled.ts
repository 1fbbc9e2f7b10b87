import type { CountryCode, NumberType, PhoneNumber as ParsedNumber } from 'libphonenumber-js/max';
import { countryName } from './numbers.ts';

/**
 * Numbers of two to five digits that call for help somewhere in the world: police, fire, ambulance, coastguard, children
 * and despair. All are refused everywhere, because somebody who moved still types the number of home.
 */
const EMERGENCY = new Set(
  [
    '000 060 061 062 065 066 068 080 085 088 089 100 101 102 103 104 105 106 107 108 109 110 111 112 113 114',
    '115 116 117 118 119 120 121 122 123 124 125 126 127 128 129 130 131 132 133 140 141 142 143 144 145 147',
    '150 151 155 156 158 159 160 161 166 170 171 175 180 185 188 190 191 192 193 194 195 196 197 198 199 211',
    '222 333 442 444 555 666 767 777 811 888 899 900 901 902 903 905 906 907 908 909 910 911 912 913 914 915',
    '916 917 918 919 922 933 939 955 977 980 988 990 991 992 993 994 995 996 997 998 999',
    '15 16 17 18 1122 1155 1515 1530 1669 10111 10177',
  ].flatMap((line) => line.split(' ')),
);

/** What people dial before a number to reach another country or leave their office. */
const PREFIXES = ['+', '0', '00', '011', '9'];

export const isEmergency = (digits: string): boolean => EMERGENCY.has(digits.replace(/^\+/, ''));

/** Whether it is one with something before it: a plus, a country, an office's way out. */
export const isPrefixedEmergency = (number: string, parsed: ParsedNumber | undefined): boolean =>
  PREFIXES.some((prefix) => number.startsWith(prefix) && isEmergency(number.slice(prefix.length))) ||
  isEmergency(parsed?.nationalNumber ?? '') ||
  isEmergency(parsed?.nationalNumber.replace(/^0/, '') ?? '');

/** Codes that stand where a country's would, and belong to none. @see https://www.itu.int/pub/T-SP-E.164D */
const WITHOUT_COUNTRY: Readonly<Record<string, string>> = {
  '800': 'This is an international freephone number, which Parley cannot ring.',
  '808': 'This is an international number of shared cost, and Parley rings none of those.',
  '870': 'This is a satellite telephone, and Parley rings none of those because of what they cost.',
  '878':
    'This is a personal number that leads anywhere, and Parley rings none of those because of what they cost.',
  '881': 'This is a satellite telephone, and Parley rings none of those because of what they cost.',
  '882':
    'This number belongs to an international network, and Parley rings none of those because of what they cost.',
  '883':
    'This number belongs to an international network, and Parley rings none of those because of what they cost.',
  '888': 'This number belongs to no country but to disaster relief, and Parley does not ring it.',
  '979': 'This is an international premium number, and Parley rings none of those because of what they cost.',
};

/** Why a number of no country is refused; undefined for all others. */
export const refusalWithoutCountry = (number: string, parsed: ParsedNumber | undefined): string | undefined =>
  WITHOUT_COUNTRY[parsed?.countryCallingCode ?? (number.startsWith('+') ? number.slice(1, 4) : '')];

const BECAUSE_OF_COST = 'and Parley rings none of those because of what they cost. Use another number.';

/** Telephones over the internet (`VOIP`) are rung like any: people have them at home, and they cost the same. */
const BY_KIND: Partial<Record<NonNullable<NumberType>, string>> = {
  PREMIUM_RATE: `This is a premium number, ${BECAUSE_OF_COST}`,
  SHARED_COST: `This is a number of shared cost, ${BECAUSE_OF_COST}`,
  PERSONAL_NUMBER: `This is a personal number that leads anywhere, ${BECAUSE_OF_COST}`,
  UAN: `This is a company’s number for all its places, ${BECAUSE_OF_COST}`,
  PAGER: 'This is a pager, with which nobody can talk. Use another number.',
  VOICEMAIL: 'This is a mailbox, with which nobody can talk. Use another number.',
};

/** Why numbers of this kind are refused; undefined for those that are rung. */
export const refusalByKind = (parsed: ParsedNumber): string | undefined => {
  const { countryCallingCode, nationalNumber } = parsed;
  // The regulator has these cost what a landline costs, and hospitals and offices have no other.
  if (countryCallingCode === '44' && nationalNumber.startsWith('3')) return undefined;
  // An exchange that American cities keep for pay services, among their ordinary numbers.
  if (countryCallingCode === '1' && nationalNumber.slice(3, 6) === '976') return BY_KIND.PREMIUM_RATE;
  const kind = parsed.getType();
  return kind === undefined ? undefined : BY_KIND[kind];
};

const countryList = new Intl.ListFormat('en-GB', { type: 'disjunction' });
/** More would be an atlas. */
const MOST_COUNTRIES = 8;

export const refusalByCountry = (country: CountryCode, allowed: readonly string[]): string => {
  const names = allowed.map(countryName).toSorted((a, b) => a.localeCompare(b, 'en'));
  const shown = names.slice(0, MOST_COUNTRIES);
  const others = names.length - shown.length;
  const where = [...shown, ...(others > 0 ? [`${others} other countries`] : [])];
  return names.length === 0
    ? 'Parley may not ring telephones in any country. Whoever runs Parley decides that.'
    : `Parley may not ring telephones in ${countryName(country)}, only in ${countryList.format(where)}. Whoever runs Parley decides that.`;
};
