import { describe, expect, it } from 'vitest';
import { exposeOutput, voiceSize } from '../../../../sandbox/engine/local/recognition/moonshine.ts';
import { labelVoices } from '../../../../sandbox/engine/local/speakers/diarization.ts';
import { readVoiceSpace, type VoiceSpace } from '../../../../sandbox/engine/local/speakers/voice-space.ts';

/** A space that changes nothing, so that the test may say what a voice is. */
const plain: VoiceSpace = {
  mean: new Float32Array(voiceSize),
  deviation: new Float32Array(voiceSize).fill(1),
  wordDirections: new Float32Array(0),
};

/** The same numbers every time (a linear congruential generator), between -1 and 1. */
const numbers = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return (seed / 2 ** 32) * 2 - 1;
};

/** One window a speaker of `turns`: the speaker's own direction, and noise. */
const windowsOf = (turns: readonly number[], noise = 0.6): Float32Array => {
  const directions = [1, 2, 3].map((seed) => {
    const next = numbers(seed);
    return Float32Array.from({ length: voiceSize }, next);
  });
  const next = numbers(99);
  return Float32Array.from(
    turns.flatMap((speaker) => Array.from(directions[speaker]!, (value) => value + noise * next())),
  );
};
const times = (count: number, speaker: number): number[] => Array.from({ length: count }, () => speaker);

describe('telling voices apart', () => {
  it('gives each window its voice, numbered in the order in which they first speak', () => {
    const turns = [...times(8, 2), ...times(5, 0), ...times(6, 2), ...times(9, 1)];
    expect([...labelVoices(windowsOf(turns), plain)]).toEqual(turns.map((speaker) => [1, 2, 0][speaker]));
  });

  it('finds one voice in a monologue, and none in nothing', () => {
    expect(new Set(labelVoices(windowsOf(times(30, 1)), plain)).size).toBe(1);
    expect(labelVoices(new Float32Array(0), plain)).toHaveLength(0);
    expect([...labelVoices(windowsOf([0]), plain)]).toEqual([0]);
  });

  it('finds two voices that are more alike than most, when each keeps to itself', () => {
    const turns = [...times(9, 0), ...times(8, 1), ...times(6, 0)];
    const [common, difference] = [numbers(7), numbers(8)];
    const shared = Float32Array.from({ length: voiceSize }, common);
    const apart = Float32Array.from({ length: voiceSize }, () => 0.6 * difference());
    const next = numbers(99);
    const windows = turns.flatMap((speaker) =>
      Array.from(shared, (value, i) => value + (speaker === 0 ? 1 : -1) * apart[i]! + 0.3 * next()),
    );
    expect([...labelVoices(Float32Array.from(windows), plain)]).toEqual(turns);
  });

  it('takes a single odd window for a cough and not for a person', () => {
    const labels = labelVoices(windowsOf([...times(15, 0), 2, ...times(15, 0)]), plain);
    expect(new Set(labels).size).toBe(1);
  });

  it('labels more windows than it clusters', () => {
    const turns = Array.from({ length: 3500 }, (_, i) => Math.floor(i / 50) % 2);
    expect([...labelVoices(windowsOf(turns), plain)]).toEqual(turns);
  });
});

it('the measured voice space is whole: a spread for every number, and directions at right angles', () => {
  const space = readVoiceSpace();
  expect(space.mean).toHaveLength(voiceSize);
  expect(space.deviation.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
  const count = space.wordDirections.length / voiceSize;
  expect(count).toBe(32);
  const direction = (i: number) => space.wordDirections.subarray(i * voiceSize, (i + 1) * voiceSize);
  for (let a = 0; a < count; a++)
    for (let b = a; b < count; b++) {
      const product = direction(a).reduce((sum, value, i) => sum + value * direction(b)[i]!, 0);
      expect(product).toBeCloseTo(a === b ? 1 : 0, 3);
    }
});

it('adds an output to a model by appending to its bytes', () => {
  const model = Uint8Array.of(1, 2, 3);
  expect([...exposeOutput(model, 'ab')]).toEqual([1, 2, 3, 0x3a, 6, 0x62, 4, 0x0a, 2, 0x61, 0x62]);
  const long = 'x'.repeat(200);
  expect([...exposeOutput(model, long).subarray(3, 6)]).toEqual([0x3a, 0xce, 0x01]);
});
