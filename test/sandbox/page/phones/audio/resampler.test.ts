import { describe, expect, it } from 'vitest';
import { createResampler } from '../../../../../sandbox/page/phones/audio/resampler.ts';
import { amplitudeAt, rms, tone } from './tone.ts';

/** A browser's audio thread processes 128 samples at a time. */
const QUANTUM = 128;

const resample = (samples: Float32Array, fromHz: number, toHz: number, block = QUANTUM): Float32Array => {
  const resampler = createResampler(fromHz, toHz);
  const output: number[] = [];
  for (let at = 0; at < samples.length; at += block)
    output.push(...resampler.push(samples.subarray(at, at + block)));
  return Float32Array.from(output);
};

describe.each([48_000, 44_100, 16_000, 96_000])('between %i Hz and 8 kHz', (rateHz) => {
  it('keeps the level of a voice’s frequencies, both ways', () => {
    for (const hz of [300, 1000, 3000]) {
      const down = resample(tone(hz, rateHz, 1000), rateHz, 8000);
      expect(amplitudeAt(hz, down.subarray(800, 6400), 8000)).toBeCloseTo(0.5, 2);
      const up = resample(tone(hz, 8000, 1000), 8000, rateHz);
      expect(amplitudeAt(hz, up.subarray(rateHz / 10, Math.floor(rateHz * 0.8)), rateHz)).toBeCloseTo(0.5, 2);
    }
  });

  it('removes what 8 kHz cannot carry, without aliasing', () => {
    const above = resample(tone(5000, rateHz, 1000), rateHz, 8000);
    expect(rms(above.subarray(800))).toBeLessThan(0.005);
  });

  it('makes no images above the voice', () => {
    const up = resample(tone(3000, 8000, 1000), 8000, rateHz);
    expect(amplitudeAt(5000, up.subarray(rateHz / 10, Math.floor(rateHz * 0.8)), rateHz)).toBeLessThan(0.005);
  });

  it('keeps the duration', () => {
    const { length } = resample(new Float32Array(rateHz * 2), rateHz, 8000);
    expect(Math.abs(length - 16_000)).toBeLessThanOrEqual(32);
  });

  it('gives the same for blocks of any size', () => {
    const whole = resample(tone(700, rateHz, 300), rateHz, 8000, rateHz);
    expect(resample(tone(700, rateHz, 300), rateHz, 8000)).toEqual(whole);
    expect(resample(tone(700, rateHz, 300), rateHz, 8000, 37)).toEqual(whole);
  });
});
