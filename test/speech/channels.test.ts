import { describe, expect, it } from 'vitest';
import { wavOf } from '../../scripts/wav.ts';
import { channelsAreParties } from '../../src/speech/channels.ts';
import { readWavBeginning } from '../../src/speech/wav.ts';
import { noise, wav } from './support.ts';

const SECONDS = 12;
/** Something as loud and as uneven as speech: syllables of noise, five a second, with gaps between them. */
const talker = (seed: number, sampleRateHz: number): Float64Array => {
  const hiss = noise(seed);
  const loudness = noise(seed + 1_000);
  const out = new Float64Array(sampleRateHz * SECONDS);
  let level = 0;
  for (let i = 0; i < out.length; i += 1) {
    if (i % Math.floor(sampleRateHz / 5) === 0) level = Math.max(0, loudness()) / 2;
    out[i] = level * hiss();
  }
  return out;
};

const stereo = (
  sampleRateHz: number,
  sample: (frame: number, channel: number, a: Float64Array, b: Float64Array) => number,
): Buffer => {
  const a = talker(11, sampleRateHz);
  const b = talker(22, sampleRateHz);
  return wav({
    sampleRateHz,
    channels: 2,
    frames: a.length,
    sample: (frame, channel) => sample(frame, channel, a, b),
  });
};
const turn = (frame: number, sampleRateHz: number): 0 | 1 =>
  Math.floor(frame / sampleRateHz / 2) % 2 === 0 ? 0 : 1;

describe('channels of two parties', () => {
  it.each([
    [0, true],
    [0.1, true],
    [0.2, false],
    [0.5, false],
  ])('take turns, and hear each other at a level of %d: %s', (leak, parties) => {
    const call = stereo(8_000, (frame, channel, a, b) => {
      const speaking = turn(frame, 8_000);
      return (channel === speaking ? 1 : leak) * (speaking === 0 ? a : b)[frame]!;
    });
    expect(channelsAreParties(call)).toBe(parties);
  });

  it('are those of people who talk over each other all the time', () => {
    expect(
      channelsAreParties(stereo(44_100, (frame, channel, a, b) => (channel === 0 ? a : b)[frame]!)),
    ).toBe(true);
  });

  it('are those of a phone call whose second party has not spoken yet', () => {
    expect(channelsAreParties(stereo(8_000, (frame, channel, a) => (channel === 0 ? a[frame]! : 0)))).toBe(
      true,
    );
  });
});

describe('channels of one mixed conversation', () => {
  it.each<[string, Buffer]>([
    ['the same twice', stereo(8_000, (frame, _channel, a, b) => (a[frame]! + b[frame]!) / 2)],
    ['the same, upside down', stereo(8_000, (frame, channel, a) => (channel === 0 ? 1 : -1) * a[frame]!)],
    ['the same, panned', stereo(48_000, (frame, channel, a) => (channel === 0 ? 1 : 0.3) * a[frame]!)],
    [
      'two microphones in one room, 1 ms apart',
      stereo(48_000, (frame, channel, a, b) => {
        const at = Math.max(0, frame - (channel === 0 ? 0 : 48));
        return 0.5 * ((channel === 0 ? 1 : 0.7) * a[at]! + (channel === 0 ? 0.7 : 1) * b[at]!);
      }),
    ],
    [
      'one microphone on the left of a music format',
      stereo(44_100, (frame, channel, a) => (channel === 0 ? a[frame]! : 0)),
    ],
    ['silence', stereo(48_000, () => 0)],
  ])('are %s', (_, file) => {
    expect(channelsAreParties(file)).toBe(false);
  });

  it('are those of every file that is not a WAV of two channels', () => {
    const mono = wav({
      sampleRateHz: 8_000,
      channels: 1,
      frames: 80_000,
      sample: (frame) => Math.sin(frame),
    });
    for (const bytes of [mono, Buffer.from('fLaC'), Buffer.from('RIFF'), mono.subarray(0, 40)]) {
      expect(channelsAreParties(bytes)).toBe(false);
    }
  });
});

describe('the beginning of a WAV file', () => {
  const bytes = (...values: number[]): Buffer => Buffer.from(values);
  const float = Buffer.alloc(4);
  float.writeFloatLE(-0.25);
  it.each<[string, number, number, Buffer, number]>([
    ['8-bit PCM', 1, 8, bytes(0xc0), 0.5],
    ['16-bit PCM', 1, 16, bytes(0x00, 0xc0), -0.5],
    ['24-bit PCM', 1, 24, bytes(0x00, 0x00, 0xc0), -0.5],
    ['24-bit PCM, its lowest byte', 1, 24, bytes(0xff, 0xff, 0x7f), 1 - 2 ** -23],
    ['32-bit PCM', 1, 32, bytes(0, 0, 0, 0x40), 0.5],
    ['float', 3, 32, float, -0.25],
    // The greatest values of G.711's tables: 8031 of 8192 and 4032 of 4096.
    ['µ-law, loudest positive', 7, 8, bytes(0x80), 8_031 / 8_192],
    ['µ-law, loudest negative', 7, 8, bytes(0x00), -8_031 / 8_192],
    ['µ-law silence', 7, 8, bytes(0xff), 0],
    ['A-law, loudest positive', 6, 8, bytes(0xaa), 4_032 / 4_096],
    ['A-law, softest positive', 6, 8, bytes(0xd5), 1 / 4_096],
    ['A-law, softest negative', 6, 8, bytes(0x55), -1 / 4_096],
  ])('reads %s', (_, code, bits, data, expected) => {
    const file = readWavBeginning(wavOf(data, { code, bits, channels: 1, sampleRateHz: 8_000 }));
    expect(file).toMatchObject({ channels: 1, sampleRateHz: 8_000, frames: 1 });
    expect(file!.sample(0, 0)).toBeCloseTo(expected, 9);
  });

  it('reads the extensible form, past chunks it does not know, and a length that was never filled in', () => {
    const plain = wavOf(bytes(0, 0x40, 0, 0xc0), { sampleRateHz: 48_000, channels: 2 });
    const format = Buffer.alloc(48);
    format.write('fmt ');
    format.writeUInt32LE(40, 4);
    plain.copy(format, 8, 20, 36);
    format.writeUInt16LE(0xfffe, 8);
    format.writeUInt16LE(1, 32);
    const odd = Buffer.concat([Buffer.from('LIST'), bytes(3, 0, 0, 0), Buffer.from('abc\0')]);
    const data = Buffer.concat([Buffer.from('data'), bytes(0xff, 0xff, 0xff, 0xff, 0, 0x40, 0, 0xc0)]);
    const file = readWavBeginning(Buffer.concat([plain.subarray(0, 12), odd, format, data]));
    expect(file).toMatchObject({ channels: 2, sampleRateHz: 48_000, frames: 1 });
    expect([file!.sample(0, 0), file!.sample(0, 1)]).toEqual([0.5, -0.5]);
  });

  it('is nothing when the format lies or the file is cut', () => {
    const file = wavOf(Buffer.alloc(8), { sampleRateHz: 8_000, channels: 2 });
    const lying = Buffer.from(file);
    lying.writeUInt16LE(0, 22);
    expect(readWavBeginning(lying)).toBeNull();
    for (let length = 0; length < 44; length += 1)
      expect(readWavBeginning(file.subarray(0, length))).toBeNull();
  });
});
