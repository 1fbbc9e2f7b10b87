import { expect, it } from 'vitest';
import { createHandset } from '../../../../../sandbox/page/phones/audio/handset.ts';
import { FRAME_BYTES, toLinear, toMulaw } from '../../../../../sandbox/phones/audio/mulaw.ts';
import { amplitudeAt, loudness, tone } from './sound.ts';

const RATE_HZ = 48_000;
const QUANTUM = 128;

it('speaks in pieces of 20 ms, as the microphone sounds', () => {
  const handset = createHandset(RATE_HZ);
  const microphone = tone(1000, RATE_HZ, 1000);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < microphone.length; at += QUANTUM)
    pieces.push(...handset.speak(microphone.subarray(at, at + QUANTUM)));
  expect(pieces.length).toBe(49);
  expect(new Set(pieces.map(({ length }) => length))).toEqual(new Set([FRAME_BYTES]));
  const spoken = Float32Array.from(toLinear(Buffer.concat(pieces)), (sample) => sample / 32_768);
  expect(amplitudeAt(1000, spoken.subarray(800, 7200), 8000)).toBeCloseTo(0.5, 1);
});

it('plays what it hears without a gap, and silence around it', () => {
  const handset = createHandset(RATE_HZ);
  const heard = toMulaw(tone(1000, 8000, 1000));
  const played: number[] = [];
  const play = (): void => {
    const output = new Float32Array(QUANTUM).fill(9);
    handset.play(output);
    played.push(...output);
  };
  play();
  expect(loudness(Float32Array.from(played))).toBe(0);
  for (let at = 0, pushed = 0; pushed < 50; at += QUANTUM) {
    // The network's clock: a piece every 20 ms of what is played.
    for (; pushed < 50 && pushed * 960 <= at; pushed += 1)
      handset.hear(heard.subarray(pushed * FRAME_BYTES, (pushed + 1) * FRAME_BYTES));
    play();
  }
  const sound = Float32Array.from(played).subarray(RATE_HZ / 10, Math.floor(RATE_HZ * 0.9));
  expect(amplitudeAt(1000, sound, RATE_HZ)).toBeCloseTo(0.5, 1);
  // A gap of one quantum anywhere would show as a stretch without a sound.
  for (let at = 0; at + QUANTUM <= sound.length; at += QUANTUM)
    expect(loudness(sound.subarray(at, at + QUANTUM))).toBeGreaterThan(0.3);
});

it('takes in more than it is asked for without losing a sample', () => {
  const handset = createHandset(44_100);
  expect(handset.speak(tone(500, 44_100, 200)).length).toBe(9);
  expect(handset.speak(new Float32Array(0))).toEqual([]);
});
