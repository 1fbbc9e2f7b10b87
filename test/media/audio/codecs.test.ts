import { createEncoder } from 'libopus-wasm';
import { afterEach, describe, expect, it } from 'vitest';
import type { AudioDecoder } from '../../../src/media/audio/decoder.ts';
import { createMulawDecoder } from '../../../src/media/audio/mulaw.ts';
import { createOpusDecoder } from '../../../src/media/audio/opus.ts';
import { likeness, samplesOf, sendOpus } from './support.ts';

const open: AudioDecoder[] = [];
const opus = async (): Promise<AudioDecoder> => {
  const decoder = await createOpusDecoder(16_000);
  open.push(decoder);
  return decoder;
};
afterEach(() => {
  for (const decoder of open.splice(0)) decoder.close();
});

/** What Opus at 32 kbit/s leaves of a voice: it keeps the sound of it, not the shape of its waves. */
const VOICE_CODEC = 0.9;

const join = (parts: readonly Int16Array[]): Int16Array =>
  Int16Array.from(parts.flatMap((part) => [...part]));

describe('Opus', () => {
  const speech = async (): Promise<Int16Array> => (await samplesOf('two-voices')).subarray(0, 16_000 * 10);

  it.each([
    ['mono', false],
    ['stereo, mixed', true],
  ])('comes out as it went in, at 16 kHz: %s', async (_, stereo) => {
    const decoder = await opus();
    const samples = await speech();
    const packets = await sendOpus(samples, { stereo });
    const heard = join(packets.map(({ rtp }) => decoder.decode(rtp.payload)!));
    expect(heard.length).toBe(samples.length);
    expect(likeness(samples, heard)).toBeGreaterThan(VOICE_CODEC);
  });

  it.each([2.5, 10, 20, 40, 60])('has packets of %d ms', async (durationMs) => {
    const decoder = await opus();
    using encoder = await createEncoder({ channels: 2, sampleRate: 48_000, frameSize: durationMs * 48 });
    const packet = encoder.encode(new Int16Array(durationMs * 48 * 2));
    expect(decoder.decode(packet)).toHaveLength(durationMs * 16);
  });

  it('fills a lost packet from the one after it better than by guessing', async () => {
    const samples = await speech();
    const packets = (await sendOpus(samples)).map(({ rtp }) => rtp.payload);
    const hear = async (next: (at: number) => Uint8Array): Promise<Int16Array> => {
      const decoder = await opus();
      return join(
        packets.flatMap((packet, at) => {
          if (at % 10 === 9) return [];
          const lost = at % 10 === 0 && at > 0 ? [decoder.conceal(next(at), 20)] : [];
          return [...lost, decoder.decode(packet)!];
        }),
      );
    };
    const withRedundancy = likeness(samples, await hear((at) => packets[at]!));
    // One byte says how long the frame is and holds nothing.
    const guessed = likeness(samples, await hear(() => Uint8Array.of(packets[0]![0]! & 0xf8)));
    expect(withRedundancy).toBeGreaterThan(VOICE_CODEC);
    expect(guessed).toBeLessThan(withRedundancy - 0.02);
  });

  it.each([
    [20, 320],
    [60, 960],
    [21, 320],
    [120, 1_920],
    [5_000, 1_920],
    [1, 0],
  ])('conceals %d ms with %d samples', async (durationMs, length) => {
    const decoder = await opus();
    const [packet] = await sendOpus((await speech()).subarray(16_000, 20_000));
    expect(decoder.conceal(packet!.rtp.payload, durationMs)).toHaveLength(length);
  });

  it('refuses what is not Opus, and goes on', async () => {
    const decoder = await opus();
    const [packet] = await sendOpus((await speech()).subarray(16_000, 20_000));
    expect(decoder.decode(new Uint8Array(0))).toBeNull();
    // Code 3 with no count of frames.
    expect(decoder.decode(Uint8Array.of(0xff))).toBeNull();
    expect(decoder.decode(Uint8Array.of(0xff, 0x3f, 1, 2))).toBeNull();
    expect(decoder.conceal(new Uint8Array(0), 20)).toHaveLength(0);
    expect(decoder.conceal(Uint8Array.of(0xff), 20)).toHaveLength(0);
    expect(decoder.decode(packet!.rtp.payload)).toHaveLength(320);
  });
});

describe('PCMU', () => {
  it('is decoded sample by sample', () => {
    expect([...createMulawDecoder().decode(Uint8Array.of(0xff, 0x80, 0x00))!]).toEqual([0, 32_124, -32_124]);
  });

  it('is silent where a packet was lost, for as long', () => {
    const lost = createMulawDecoder().conceal(new Uint8Array(160), 20);
    expect(lost).toHaveLength(160);
    expect(lost.every((sample) => sample === 0)).toBe(true);
  });
});
