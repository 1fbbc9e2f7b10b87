import type { PhoneNumber as ParsedNumber } from 'libphonenumber-js/max';
import { NUMBER_OF_KIND, NUMBER_WITHOUT_COUNTRY } from './sentences.ts';

/**
 * Numbers of two to five digits that reach emergency services or crisis lines somewhere in the world. All are refused
 * everywhere, because people who moved still dial the number they know.
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

/** What is dialled before a number to reach another country or an outside line. */
const PREFIXES = ['+', '0', '00', '011', '9'];

export const isEmergency = (digits: string): boolean => EMERGENCY.has(digits.replace(/^\+/, ''));

/** Whether it is one after a plus, a country code or an outside-line prefix. */
export const isPrefixedEmergency = (number: string, parsed: ParsedNumber | undefined): boolean =>
  PREFIXES.some((prefix) => number.startsWith(prefix) && isEmergency(number.slice(prefix.length))) ||
  isEmergency(parsed?.nationalNumber ?? '') ||
  isEmergency(parsed?.nationalNumber.replace(/^0/, '') ?? '');

/** Why a number of no country is refused; undefined for all others. */
export const refusalWithoutCountry = (number: string, parsed: ParsedNumber | undefined): string | undefined =>
  NUMBER_WITHOUT_COUNTRY[parsed?.countryCallingCode ?? (number.startsWith('+') ? number.slice(1, 4) : '')];

/**
 * Why numbers of this kind are refused; undefined for those that may be called. Internet phones (`VOIP`) may: people
 * have them at home, and they cost the same.
 */
export const refusalByKind = (parsed: ParsedNumber): string | undefined => {
  const { countryCallingCode, nationalNumber } = parsed;
  // The regulator has these cost what a landline costs, and hospitals and offices have no other.
  if (countryCallingCode === '44' && nationalNumber.startsWith('3')) return undefined;
  // An exchange that American cities keep for pay services, among their ordinary numbers.
  if (countryCallingCode === '1' && nationalNumber.slice(3, 6) === '976') return NUMBER_OF_KIND.PREMIUM_RATE;
  const kind = parsed.getType();
  return kind === undefined ? undefined : NUMBER_OF_KIND[kind];
};
