import type { PhoneNumber } from '../ids.ts';
import { isE164Number } from './numbers.ts';

/**
 * With 9 digits, 100 conversations open day and night and wrong PINs at the limit of all callers (5.3 million a year), one
 * guess in two years is right; with 6 digits it would be one every day.
 */
export const PIN_DIGITS = 9;

/** One number, or all callers with a withheld one, who can't be told apart. */
export type PinCaller = PhoneNumber | 'withheld';

/** For withheld numbers, networks send `anonymous` and the like, or spell it in digits that are no valid number. */
export const pinCallerOf = (from: string): PinCaller =>
  isE164Number(from) ? (from as PhoneNumber) : 'withheld';

/** How long a wrong PIN counts. */
export const WRONG_PIN_WINDOW_MS = { forCaller: 4 * 3_600_000, forAll: 3_600_000 } as const;

/** Of one number. After so many typing errors people ask for the link. */
const WRONG_BY_NUMBER = 5;
/** Of all withheld numbers together, so that one caller does not block the others at once. */
const WRONG_BY_WITHHELD = 50;
/**
 * Of all callers. Numbers can be forged, so this is what bounds guessing in the end. Reaching it takes 110 numbers and 200
 * calls an hour, and only then it keeps others from dialling in.
 */
const WRONG_BY_ALL = 600;

/**
 * From this many wrong PINs of all callers on, attempts are serialised, so that their limit holds exactly. Below it as
 * many run at once as all instances together have database connections, which must be fewer than the difference.
 */
export const SERIALIZE_PINS_FROM = WRONG_BY_ALL - 100;

/** `random` returns at least 0 and less than 1, from an unpredictable source. */
export const pinCandidates = (random: () => number, count: number): readonly string[] =>
  Array.from({ length: count }, () =>
    Array.from({ length: PIN_DIGITS }, () => Math.floor(random() * 10)).join(''),
  );

/** Takes the wrong PINs within `WRONG_PIN_WINDOW_MS`. */
export const isPinAttemptAllowed = (
  caller: PinCaller,
  wrong: { readonly byCaller: number; readonly byAll: number },
): boolean => {
  const limit = caller === 'withheld' ? WRONG_BY_WITHHELD : WRONG_BY_NUMBER;
  return wrong.byCaller < limit && wrong.byAll < WRONG_BY_ALL;
};

/** For reading out: `123 456 789`. */
export const formatPin = (pin: string): string => pin.replace(/\d{3}(?=\d)/g, '$& ');
