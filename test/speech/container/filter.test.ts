import { describe, expect, test } from 'vitest';
import { containerFilter } from '../../../src/speech/container/filter.ts';
import { fragmented, type MovieTrack, matroska, quickTime, tone } from './movies.ts';

/** The file in pieces of `size` bytes through the filter. */
const passed = (file: Buffer, chosen = 0, size = 1_000) => {
  const filter = containerFilter(file, chosen)!;
  const out: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += size) out.push(filter.push(file.subarray(at, at + size)));
  out.push(filter.flush());
  return { bytes: Buffer.concat(out), facts: filter.facts() };
};

const second = tone(400, 1);
const AUDIO: MovieTrack = { kind: 'audio', samples: second };
const VIDEO: MovieTrack = { kind: 'video', samples: tone(1, 3) };
const KINDS: [string, (tracks: readonly MovieTrack[]) => Buffer][] = [
  ['QuickTime', quickTime],
  ['QuickTime with its index at the end', (tracks) => quickTime(tracks, { indexLast: true })],
  ['Matroska', matroska],
];

describe.each(KINDS)('%s', (_, make) => {
  test.each([1, 7, 1_000, 1_000_000])(
    'with one audio track passes as it is, in pieces of %i bytes',
    (size) => {
      const file = make([VIDEO, AUDIO]);
      const { bytes, facts } = passed(file, 0, size);
      expect(bytes.equals(file)).toBe(true);
      expect(facts).toMatchObject({ audioTracks: 1, offsetMs: 0 });
    },
  );

  test('keeps its size with several, and differs in the others’ names alone', () => {
    const file = make([AUDIO, VIDEO, AUDIO, AUDIO]);
    const before = Buffer.from(file);
    for (const chosen of [0, 1, 2]) {
      const { bytes, facts } = passed(file, chosen);
      expect(facts?.audioTracks).toBe(3);
      expect(bytes).toHaveLength(file.length);
      const changed = [...bytes.keys()].filter((i) => bytes[i] !== file[i]);
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.length).toBeLessThanOrEqual(8);
    }
    expect(file.equals(before)).toBe(true);
  });

  test('says how much later the sound begins, and how long it is as players show it', () => {
    const { facts } = passed(make([VIDEO, { ...AUDIO, delayMs: 1_500 }]));
    expect(facts).toEqual({ audioTracks: 1, offsetMs: 1_500, durationMs: 3_000 });
  });

  test('says the delay of the chosen track', () => {
    const file = make([VIDEO, AUDIO, { ...AUDIO, delayMs: 2_000 }]);
    expect(passed(file, 1).facts?.offsetMs).toBe(2_000);
  });

  test('says when it has no sound', () => {
    expect(passed(make([VIDEO])).facts?.audioTracks).toBe(0);
  });

  test('passes whole when it is cut off, and says no length', () => {
    const file = make([VIDEO, AUDIO]);
    for (const length of [20, 200, file.length - 10_000]) {
      const { bytes, facts } = passed(file.subarray(0, length));
      expect(bytes.equals(file.subarray(0, length))).toBe(true);
      expect(facts?.durationMs ?? null).toBeNull();
    }
  });

  test('passes whole when it is damaged', () => {
    for (let seed = 1; seed < 40; seed += 1) {
      const file = make([VIDEO, AUDIO, AUDIO]);
      for (let i = 0; i < 20; i += 1)
        file[12 + ((seed * 7_919 + i * 104_729) % 700)] = (seed * 31 + i * 57) & 0xff;
      expect(passed(file).bytes).toHaveLength(file.length);
    }
  });
});

test('of fragments the first of each track says when it begins', () => {
  expect(passed(fragmented({ 1: 10_000, 2: 12_500 }, [VIDEO, AUDIO])).facts).toEqual({
    audioTracks: 1,
    offsetMs: 2_500,
    durationMs: null,
  });
});

test('other containers are not read', () => {
  expect(containerFilter(Buffer.from('RIFF\0\0\0\0WAVEfmt '), 0)).toBeNull();
  expect(containerFilter(Buffer.from('ID3'), 0)).toBeNull();
});
