import { describe, expect, it } from 'vitest';
import { createResampler } from '../../../../../sandbox/page/phones/audio/resampler.ts';
import { amplitudeAt, loudness, tone } from './sound.ts';

/** As a browser gives sound: 128 samples at a time. */
const QUANTUM = 128;

const through = (samples: Float32Array, fromHz: number, toHz: number, piece = QUANTUM): Float32Array => {
  const resampler = createResampler(fromHz, toHz);
  const output: number[] = [];
  for (let at = 0; at < samples.length; at += piece)
    output.push(...resampler.push(samples.subarray(at, at + piece)));
  return Float32Array.from(output);
};

describe.each([48_000, 44_100, 16_000, 96_000])('between %i Hz and a telephone', (rateHz) => {
  it('keeps a voice’s tones as loud as they are, both ways', () => {
    for (const hz of [300, 1000, 3000]) {
      const down = through(tone(hz, rateHz, 1000), rateHz, 8000);
      expect(amplitudeAt(hz, down.subarray(800, 6400), 8000)).toBeCloseTo(0.5, 2);
      const up = through(tone(hz, 8000, 1000), 8000, rateHz);
      expect(amplitudeAt(hz, up.subarray(rateHz / 10, Math.floor(rateHz * 0.8)), rateHz)).toBeCloseTo(0.5, 2);
    }
  });

  it('leaves out what a telephone cannot carry, rather than folding it into the voice', () => {
    const hiss = through(tone(5000, rateHz, 1000), rateHz, 8000);
    expect(loudness(hiss.subarray(800))).toBeLessThan(0.005);
  });

  it('makes no image of a voice above it', () => {
    const up = through(tone(3000, 8000, 1000), 8000, rateHz);
    expect(amplitudeAt(5000, up.subarray(rateHz / 10, Math.floor(rateHz * 0.8)), rateHz)).toBeLessThan(0.005);
  });

  it('loses and adds no time', () => {
    const { length } = through(new Float32Array(rateHz * 2), rateHz, 8000);
    expect(Math.abs(length - 16_000)).toBeLessThanOrEqual(32);
  });

  it('has no seams: pieces of any size give the same', () => {
    const whole = through(tone(700, rateHz, 300), rateHz, 8000, rateHz);
    expect(through(tone(700, rateHz, 300), rateHz, 8000)).toEqual(whole);
    expect(through(tone(700, rateHz, 300), rateHz, 8000, 37)).toEqual(whole);
  });
});
