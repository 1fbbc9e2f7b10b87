import { expect, it } from 'vitest';
import { createHandset } from '../../../../../sandbox/page/phones/audio/handset.ts';
import { FRAME_BYTES, toLinear, toMulaw } from '../../../../../sandbox/phones/audio/mulaw.ts';
import { amplitudeAt, rms, tone } from './tone.ts';

const RATE_HZ = 48_000;
const QUANTUM = 128;

it('encodes the microphone in frames of 20 ms', () => {
  const handset = createHandset(RATE_HZ);
  const microphone = tone(1000, RATE_HZ, 1000);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < microphone.length; at += QUANTUM)
    frames.push(...handset.encode(microphone.subarray(at, at + QUANTUM)));
  expect(frames.length).toBe(49);
  expect(new Set(frames.map(({ length }) => length))).toEqual(new Set([FRAME_BYTES]));
  const decoded = Float32Array.from(toLinear(Buffer.concat(frames)), (sample) => sample / 32_768);
  expect(amplitudeAt(1000, decoded.subarray(800, 7200), 8000)).toBeCloseTo(0.5, 1);
});

it('renders received frames without a gap, and silence around them', () => {
  const handset = createHandset(RATE_HZ);
  const received = toMulaw(tone(1000, 8000, 1000));
  const rendered: number[] = [];
  const render = (): void => {
    const output = new Float32Array(QUANTUM).fill(9);
    handset.render(output);
    rendered.push(...output);
  };
  render();
  expect(rms(Float32Array.from(rendered))).toBe(0);
  for (let at = 0, pushed = 0; pushed < 50; at += QUANTUM) {
    // The network's clock: a frame every 20 ms of what is rendered.
    for (; pushed < 50 && pushed * 960 <= at; pushed += 1)
      handset.receive(received.subarray(pushed * FRAME_BYTES, (pushed + 1) * FRAME_BYTES));
    render();
  }
  const middle = Float32Array.from(rendered).subarray(RATE_HZ / 10, Math.floor(RATE_HZ * 0.9));
  expect(amplitudeAt(1000, middle, RATE_HZ)).toBeCloseTo(0.5, 1);
  // A gap would show as a quantum of silence.
  for (let at = 0; at + QUANTUM <= middle.length; at += QUANTUM)
    expect(rms(middle.subarray(at, at + QUANTUM))).toBeGreaterThan(0.3);
});

it('encodes blocks of any size without losing a sample', () => {
  const handset = createHandset(44_100);
  expect(handset.encode(tone(500, 44_100, 200)).length).toBe(9);
  expect(handset.encode(new Float32Array(0))).toEqual([]);
});
