import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatSamples } from '../../../sandbox/common/audio.ts';
import { decodeAudio, UndecodableError } from '../../../sandbox/common/decode-audio.ts';
import { fixture, fixturePath, scriptOf } from '../engine/local/fixtures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-decode-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const decoded = (path: string, mix = true): Float32Array[] => {
  const chunks = [...decodeAudio(path, { mix })];
  return (chunks[0] ?? []).map((_, channel) =>
    concatSamples(chunks.map((chunk) => chunk[channel] as Float32Array)),
  );
};
const written = async (name: string, bytes: Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};

/** Loudness in steps of 50 ms: what a lossy codec keeps, and a wrong rate, channel or offset does not. */
const envelope = (samples: Float32Array): number[] =>
  Array.from({ length: Math.floor(samples.length / 800) }, (_, step) => {
    const part = samples.subarray(step * 800, (step + 1) * 800);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
const likeness = (a: number[], b: number[]): number => {
  const length = Math.min(a.length, b.length);
  const [x, y] = [a.slice(0, length), b.slice(0, length)];
  const mean = (of: number[]) => of.reduce((sum, value) => sum + value, 0) / length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (p: number[], mp: number, q: number[], mq: number) =>
    p.reduce((sum, value, i) => sum + (value - mp) * ((q[i] as number) - mq), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
};

describe('every container gives the same audio', () => {
  const original = decoded(fixturePath('two-voices.wav'))[0] as Float32Array;
  it.each(['mp3', 'm4a', 'mp4', 'webm', 'ogg'])('%s', (extension) => {
    const [channel] = decoded(fixturePath(`two-voices.${extension}`)) as [Float32Array];
    expect(channel.length / original.length).toBeCloseTo(1, 1);
    expect(likeness(envelope(channel), envelope(original))).toBeGreaterThan(0.97);
  });

  /** The 16-bit samples of the fixture in other WAV encodings, by format tag and bits. */
  it.each([
    [
      '24 bit',
      1,
      24,
      (sample: number, out: Buffer, at: number) => out.writeIntLE(Math.round(sample * 8_388_607), at, 3),
    ],
    ['32 bit float', 3, 32, (sample: number, out: Buffer, at: number) => out.writeFloatLE(sample, at)],
    [
      '8 bit',
      1,
      8,
      (sample: number, out: Buffer, at: number) => out.writeUInt8(Math.round(sample * 127) + 128, at),
    ],
  ] as const)('WAV of %s', async (name, tag, bits, write) => {
    const size = bits / 8;
    const data = Buffer.alloc(original.length * size);
    original.forEach((sample, i) => {
      write(sample, data, i * size);
    });
    const header = Buffer.from((await fixture('two-voices.wav')).subarray(0, 44));
    header.writeUInt32LE(36 + data.length, 4);
    header.writeUInt16LE(tag, 20);
    header.writeUInt32LE(16_000 * size, 28);
    header.writeUInt16LE(size, 32);
    header.writeUInt16LE(bits, 34);
    header.writeUInt32LE(data.length, 40);
    const [channel] = decoded(await written(`${name}.wav`, Buffer.concat([header, data]))) as [Float32Array];
    expect(channel.length).toBe(original.length);
    expect(likeness(envelope(channel), envelope(original))).toBeGreaterThan(0.99);
  });
});

it('keeps the channels of a call apart, or mixes them', async () => {
  const script = await scriptOf('call-two-channels');
  const both = decoded(fixturePath('call-two-channels.wav'), false);
  expect(both).toHaveLength(2);
  expect(both[0]?.length).toBe(both[1]?.length);
  const loudness = (channel: number, startMs: number, endMs: number) =>
    Math.max(...envelope((both[channel] as Float32Array).subarray(startMs * 16, endMs * 16)));
  // The first line is the clerk's alone, the second the customer's.
  const [first, second] = script.utterances as [(typeof script.utterances)[0], (typeof script.utterances)[0]];
  expect(loudness(0, first.startMs, first.endMs)).toBeGreaterThan(0.05);
  expect(loudness(1, first.startMs, first.endMs)).toBeLessThan(0.005);
  expect(loudness(1, second.startMs, second.endMs)).toBeGreaterThan(0.05);
  expect(decoded(fixturePath('call-two-channels.wav'))).toHaveLength(1);
});

describe('a damaged file', () => {
  it.each(['wav', 'mp3', 'ogg', 'webm'])('a truncated %s is decoded up to its end', async (extension) => {
    const whole = await fixture(`two-voices.${extension}`);
    const path = await written(`cut.${extension}`, whole.subarray(0, Math.floor(whole.length * 0.4)));
    const seconds = (decoded(path)[0]?.length ?? 0) / 16_000;
    expect(seconds / ((await scriptOf('two-voices')).durationMs / 1000)).toBeCloseTo(0.4, 1);
  });

  it('with a bad stretch in the middle loses that stretch only', async () => {
    const bytes = Buffer.from(await fixture('two-voices.mp3'));
    randomBytes(6000).copy(bytes, Math.floor(bytes.length / 2));
    const [channel] = decoded(await written('damaged.mp3', bytes)) as [Float32Array];
    // 6,000 bytes at 48 kbit/s are one second.
    expect(Math.abs(channel.length / 16_000 - (await scriptOf('two-voices')).durationMs / 1000)).toBeLessThan(
      2.5,
    );
  });

  it('of nothing but noise is refused', async () => {
    const path = await written('noise.mp3', randomBytes(100_000));
    expect(() => decoded(path)).toThrow(UndecodableError);
  });

  it.each([
    ['hls', '#EXTM3U\n#EXTINF:5,\nfile:FIXTURE\n#EXT-X-ENDLIST\n'],
    ['concat', "ffconcat version 1.0\nfile 'FIXTURE'\n"],
  ])('cannot make the engine read another file (%s)', async (name, text) => {
    const path = await written(name, Buffer.from(text.replace('FIXTURE', fixturePath('one-word.wav'))));
    expect(() => decoded(path)).toThrow(UndecodableError);
  });
});
