import { describe, expect, it } from 'vitest';
import { decodeAlaw, decodeMulaw, encodeMulaw, MULAW_SILENCE } from '../../../src/core/audio/g711.ts';
import { mulawByLogarithm } from '../../media/audio/support.ts';

describe('µ-law', () => {
  /** The example values of G.711's own table, and its ends. */
  it.each([
    [MULAW_SILENCE, 0],
    [0x80, 32_124],
    [0x00, -32_124],
    [0xf0, 120],
    [0xef, 132],
    [0x8f, 16_764],
    [0x0f, -16_764],
  ])('0x%s is %d', (code, sample) => {
    expect(decodeMulaw(code)).toBe(sample);
  });

  it('comes back code for code, both of its zeros too', () => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    expect(codes.map((code) => encodeMulaw(decodeMulaw(code)))).toEqual(codes);
    expect(Math.abs(decodeMulaw(0x7f))).toBeLessThanOrEqual(1);
  });

  it('is the code that logarithms give, for every sample', () => {
    for (let sample = -32_768; sample <= 32_767; sample += 1) {
      expect(encodeMulaw(sample), `${sample}`).toBe(mulawByLogarithm(sample));
    }
  });
});

describe('A-law', () => {
  /** As µ-law: the ends, and where the first segments meet. */
  it.each([
    [0xd5, 8],
    [0x55, -8],
    [0xc5, 264],
    [0xaa, 32_256],
    [0x2a, -32_256],
  ])('0x%s is %d', (code, sample) => {
    expect(decodeAlaw(code)).toBe(sample);
  });
});
