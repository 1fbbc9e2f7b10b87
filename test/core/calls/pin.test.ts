import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayTryPin, PIN_DIGITS, pinCandidates, spokenPin } from '../../../src/core/calls/pin.ts';

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
    expect(spokenPin('123456789')).toBe('123 456 789');
    expect(spokenPin('012')).toBe('012');
  });

  it('are tried a few times by one number, and not too often by all', () => {
    expect(mayTryPin({ byNumber: 4, byAll: 59 })).toBe(true);
    expect(mayTryPin({ byNumber: 5, byAll: 5 })).toBe(false);
    expect(mayTryPin({ byNumber: 0, byAll: 60 })).toBe(false);
  });
});
