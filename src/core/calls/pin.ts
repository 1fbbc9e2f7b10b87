/**
 * Digits of a PIN. With 9 of them, 100 conversations open day and night, and wrong PINs at the limit without a pause
 * (60 an hour, 525,600 a year), somebody who guesses comes into one of them every 19 years; with 6 digits it would be
 * every week.
 */
export const PIN_DIGITS = 9;

/** In any hour, from one number. People mistype; numbers can be forged, so this only keeps clumsiness from being in the way of others. */
const WRONG_BY_NUMBER = 5;
/** In any hour, from all numbers together. This is what makes guessing hopeless. */
const WRONG_BY_ALL = 60;

/** `random` answers at least 0 and less than 1, from a source that nobody can foresee. */
export const pinCandidates = (random: () => number, count: number): readonly string[] =>
  Array.from({ length: count }, () =>
    Array.from({ length: PIN_DIGITS }, () => Math.floor(random() * 10)).join(''),
  );

/** Whether a PIN may be tried, given the wrong ones of the hour before. */
export const mayTryPin = (wrong: { readonly byNumber: number; readonly byAll: number }): boolean =>
  wrong.byNumber < WRONG_BY_NUMBER && wrong.byAll < WRONG_BY_ALL;

/** As people read it out: `123 456 789`. */
export const spokenPin = (pin: string): string => pin.replace(/\d{3}(?=\d)/g, '$& ');
