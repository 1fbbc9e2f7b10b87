import { expect, it } from 'vitest';
import { toLinear, toMulaw } from '../../../../../sandbox/phones/audio/mulaw.ts';
import { framesOfTone, tone } from './tone.ts';

/** As a phone carries it. */
const sent = (samples: Float32Array): Float32Array =>
  Float32Array.from(toLinear(toMulaw(samples)), (sample) => sample / 32_768);

it('counts the frames of a tone, and none of another tone, of silence or of two tones at once', () => {
  const one = tone(600, 8000, 1000);
  const other = tone(1000, 8000, 1000);
  expect(framesOfTone(600, sent(one))).toBe(50);
  expect(framesOfTone(1000, sent(one))).toBe(0);
  expect(framesOfTone(600, sent(new Float32Array(8000)))).toBe(0);
  expect(framesOfTone(600, sent(one.map((sample, index) => (sample + other[index]!) / 2)))).toBe(0);
});
