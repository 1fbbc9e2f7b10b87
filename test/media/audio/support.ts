import { readFile } from 'node:fs/promises';
import { Application, createEncoder } from 'libopus-wasm';
import type { RtpPacket } from '../../../src/media/audio/rtp.ts';
import { fixture, scriptOf } from '../../support/fixtures.ts';

export const SAMPLES_PER_MS = 16;
export const PACKET_MS = 20;

/** Numbers from 0 to 1, the same on every run. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** The samples of a 16 kHz mono fixture. */
export const samplesOf = async (name: string): Promise<Int16Array> => {
  const wav = await readFile(fixture(`${name}.wav`));
  const data = wav.indexOf('data', 12, 'latin1') + 8;
  return new Int16Array(new Uint8Array(wav.subarray(data)).buffer);
};

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a microphone of one person in a conversation hears: them where they speak, and a quiet room. */
export const microphoneOf = async (
  name: string,
  speaker: string,
  noiseDbfs: number,
): Promise<{ samples: Int16Array; spoken: readonly Span[] }> => {
  const all = await samplesOf(name);
  const spoken = scriptOf(name).utterances.filter((utterance) => utterance.speaker === speaker);
  // Random numbers of one amplitude have a root mean square of 1/√3 of it.
  const amplitude = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(3);
  const random = createRandom(7);
  const samples = Int16Array.from(all, () => Math.round((2 * random() - 1) * amplitude));
  for (const { startMs, endMs } of spoken) {
    for (let at = startMs * SAMPLES_PER_MS; at < endMs * SAMPLES_PER_MS; at += 1) {
      samples[at] = Math.max(-32_768, Math.min(32_767, samples[at]! + all[at]!));
    }
  }
  return { samples, spoken };
};

/** A packet as its sender makes it, `sentMs` after the beginning. */
export interface SentPacket {
  readonly rtp: RtpPacket;
  readonly sentMs: number;
}

export const rtpOf = (fields: Partial<RtpPacket>): RtpPacket => ({
  payloadType: 111,
  sequenceNumber: 0,
  timestamp: 0,
  ssrc: 1,
  marker: false,
  payload: new Uint8Array(0),
  audioLevel: null,
  ...fields,
});

/** Numbers close to their end, so that every test goes through the wraparounds. */
const FIRST_SEQUENCE_NUMBER = 2 ** 16 - 20;
const FIRST_TIMESTAMP = 2 ** 32 - 48_000;

/**
 * Sends samples as a browser does: Opus for voice in packets of 20 ms with redundancy for losses. Under DTX the first
 * packet of a silence goes out, and then only what refreshes the background noise.
 */
export const sendOpus = async (
  samples: Int16Array,
  options: { readonly dtx?: boolean; readonly stereo?: boolean } = {},
): Promise<readonly SentPacket[]> => {
  const channels = options.stereo ? 2 : 1;
  const frameSize = PACKET_MS * SAMPLES_PER_MS;
  using encoder = await createEncoder({
    sampleRate: 16_000,
    channels,
    application: Application.Voip,
    bitrate: 32_000,
    dtx: options.dtx ?? false,
    fec: true,
    packetLossPercent: 10,
  });
  const sent: SentPacket[] = [];
  let inDtx = false;
  for (let frame = 0; (frame + 1) * frameSize <= samples.length; frame += 1) {
    const mono = samples.subarray(frame * frameSize, (frame + 1) * frameSize);
    // In stereo all is said on the left, so that a decoder which took one side would be found out.
    const pcm = options.stereo
      ? Int16Array.from({ length: 2 * frameSize }, (_, at) => (at % 2 === 0 ? mono[at / 2]! : 0))
      : mono;
    const payload = encoder.encode(pcm);
    const empty = payload.length <= 2;
    if (!(empty && inDtx)) {
      sent.push({
        sentMs: (frame + 1) * PACKET_MS,
        rtp: rtpOf({
          sequenceNumber: (FIRST_SEQUENCE_NUMBER + sent.length) % 2 ** 16,
          timestamp: (FIRST_TIMESTAMP + frame * 960) % 2 ** 32,
          payload,
        }),
      });
    }
    inDtx = empty;
  }
  return sent;
};

export interface ArrivingPacket {
  readonly rtp: RtpPacket;
  readonly arrivedMs: number;
}

/** What a network makes of it: losses, doubles, and delays that let packets overtake each other. */
export const throughNetwork = (
  sent: readonly SentPacket[],
  network: {
    readonly loss?: number;
    readonly doubled?: number;
    readonly delayMs?: number;
    readonly jitterMs?: number;
    readonly seed?: number;
  },
): readonly ArrivingPacket[] => {
  const random = createRandom(network.seed ?? 1);
  const { loss = 0, doubled = 0, delayMs = 0, jitterMs = 0 } = network;
  const arriving: ArrivingPacket[] = [];
  for (const { rtp, sentMs } of sent) {
    const arrives = (): number => sentMs + delayMs + random() * jitterMs;
    if (random() < loss) continue;
    arriving.push({ rtp, arrivedMs: arrives() });
    if (random() < doubled) arriving.push({ rtp, arrivedMs: arrives() });
  }
  return arriving.sort((a, b) => a.arrivedMs - b.arrivedMs);
};

export interface Piece {
  readonly samples: Int16Array;
  readonly atMs: number;
}

export const toPiece = (pcm: Uint8Array, atMs: number): Piece => ({
  samples: new Int16Array(new Uint8Array(pcm).buffer),
  atMs,
});

export const endOf = ({ samples, atMs }: Piece): number => atMs + samples.length / SAMPLES_PER_MS;

/**
 * How alike two sounds are, from 0 to 1: their correlation at the shift where it is greatest, since codecs delay by
 * some milliseconds. A seventh of the samples is enough to find the shift.
 */
export const likeness = (a: Int16Array, b: Int16Array, maxShiftMs = 25): number => {
  let best = { shift: 0, value: 0 };
  for (let shift = -maxShiftMs * SAMPLES_PER_MS; shift <= maxShiftMs * SAMPLES_PER_MS; shift += 1) {
    const value = correlation(a, b, shift, 7);
    if (value > best.value) best = { shift, value };
  }
  return correlation(a, b, best.shift, 1);
};

const correlation = (a: Int16Array, b: Int16Array, shift: number, step: number): number => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = Math.max(0, -shift); at < a.length && at + shift < b.length; at += step) {
    const [x, y] = [a[at]!, b[at + shift]!];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
};

/** One sample as µ-law, by logarithms; the code under test goes the other way, by shifts. */
export const mulawByLogarithm = (sample: number): number => {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = Math.floor(magnitude / 2 ** (exponent + 3)) - 16;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
};
