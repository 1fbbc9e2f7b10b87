import type { PhoneNumber } from '../ids.ts';
import { isE164Number } from './numbers.ts';

/**
 * Digits of a PIN. With 9 of them, 100 conversations open day and night, and wrong PINs at the common limit without a
 * pause (5.3 million a year), somebody who guesses comes into one of them once in two years; with 6 digits it would be
 * every day.
 */
export const PIN_DIGITS = 9;

/** Who guesses: one number, or all who show none, whom nobody can tell apart. */
export type PinCaller = PhoneNumber | 'withheld';

/** Networks say `anonymous` and the like of those who hide their number, or spell it as digits that no telephone has. */
export const pinCallerOf = (from: string): PinCaller =>
  isE164Number(from) ? (from as PhoneNumber) : 'withheld';

/** How long a wrong PIN counts, for who gave it and for all. */
export const WRONG_PIN_WINDOW_MS = { forCaller: 4 * 3_600_000, forAll: 3_600_000 } as const;

/** From one number. People mistype; whoever does so that often asks somebody for the link. */
const WRONG_BY_NUMBER = 5;
/** From all who hide theirs together, of whom one is not to be in the way of the others at once. */
const WRONG_BY_WITHHELD = 50;
/**
 * From everybody. Numbers can be forged, so this is what bounds guessing in the end. Nobody reaches it with less than 110
 * numbers and 200 calls in an hour, over and over, and only then it keeps others from dialling in.
 */
const WRONG_BY_ALL = 600;

/**
 * From this many wrong PINs of all callers on, attempts are serialised, so that their limit holds exactly. Below it as
 * many run at once as all instances together have database connections, which must be fewer than the difference.
 */
export const SERIALIZE_PINS_FROM = WRONG_BY_ALL - 100;

/** `random` answers at least 0 and less than 1, from a source that nobody can foresee. */
export const pinCandidates = (random: () => number, count: number): readonly string[] =>
  Array.from({ length: count }, () =>
    Array.from({ length: PIN_DIGITS }, () => Math.floor(random() * 10)).join(''),
  );

/** Whether a PIN may be tried, given the wrong ones that count (`WRONG_COUNTS_MS`). */
export const isPinAttemptAllowed = (
  caller: PinCaller,
  wrong: { readonly byCaller: number; readonly byAll: number },
): boolean => {
  const most = caller === 'withheld' ? WRONG_BY_WITHHELD : WRONG_BY_NUMBER;
  return wrong.byCaller < most && wrong.byAll < WRONG_BY_ALL;
};

/** As people read it out: `123 456 789`. */
export const formatPin = (pin: string): string => pin.replace(/\d{3}(?=\d)/g, '$& ');
