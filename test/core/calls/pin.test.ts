import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatPin,
  isPinAttemptAllowed,
  PIN_DIGITS,
  pinCallerOf,
  pinCandidates,
  WRONG_PIN_WINDOW_MS,
} from '../../../src/core/calls/pin.ts';

describe('PINs', () => {
  it('have their digits, whatever chance says', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        for (const pin of pinCandidates(() => random, 3)) expect(pin).toMatch(/^\d{9}$/);
      }),
    );
    expect(PIN_DIGITS).toBe(9);
  });

  it('are as many as asked for, and use chance for every digit', () => {
    let at = 0;
    const next = () => (at++ % 10) / 10;
    expect(pinCandidates(next, 2)).toEqual(['012345678', '901234567']);
  });

  it('are read out in threes', () => {
    expect(formatPin('123456789')).toBe('123 456 789');
    expect(formatPin('012')).toBe('012');
  });

  const number = pinCallerOf('+442079460000');

  it('may be tried a few times by one number, more often by all withheld ones, and not too often by all', () => {
    expect(isPinAttemptAllowed(number, { byCaller: 4, byAll: 599 })).toBe(true);
    expect(isPinAttemptAllowed(number, { byCaller: 5, byAll: 5 })).toBe(false);
    expect(isPinAttemptAllowed(number, { byCaller: 0, byAll: 600 })).toBe(false);
    expect(isPinAttemptAllowed('withheld', { byCaller: 49, byAll: 49 })).toBe(true);
    expect(isPinAttemptAllowed('withheld', { byCaller: 50, byAll: 50 })).toBe(false);
    expect(isPinAttemptAllowed('withheld', { byCaller: 0, byAll: 600 })).toBe(false);
  });

  it('are guessed by all callers no more often than once in 1.9 years, with a hundred to find', () => {
    let byAll = 0;
    while (isPinAttemptAllowed(number, { byCaller: 0, byAll })) byAll += 1;
    const aYear = (byAll * 365.25 * 24 * 3_600_000) / WRONG_PIN_WINDOW_MS.forAll;
    expect(10 ** PIN_DIGITS / (aYear * 100)).toBeGreaterThan(1.9);
  });

  it.each([
    ['+442079460000', '+442079460000'],
    ['+4915112345678', '+4915112345678'],
    ['anonymous', 'withheld'],
    ['Anonymous', 'withheld'],
    ['', 'withheld'],
    ['unknown', 'withheld'],
    // ANONYMOUS, RESTRICTED, BLOCKED and UNAVAILABLE on the keys of a phone.
    ['+266696687', 'withheld'],
    ['+7378742833', 'withheld'],
    ['+2562533', 'withheld'],
    ['+86282452253', 'withheld'],
    ['sip:somebody@example.com', 'withheld'],
    ['442079460000', 'withheld'],
    ['+44 20 7946 0000', 'withheld'],
    ['+1\u0000', 'withheld'],
  ])('tried from %j are counted for %s', (from, caller) => {
    expect(pinCallerOf(from)).toBe(caller);
  });
});
