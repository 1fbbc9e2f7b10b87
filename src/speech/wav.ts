import { decodeAlaw, decodeMulaw } from '../core/audio/g711.ts';

/** The header of a WAV file with one channel of linear16 or mulaw, for this many bytes of audio. */
export const wavHeader = (
  { encoding, sampleRateHz }: { readonly encoding: 'linear16' | 'mulaw'; readonly sampleRateHz: number },
  sizeBytes: number,
): Buffer => {
  const [code, sampleBytes] = encoding === 'linear16' ? [PCM, 2] : [MU_LAW, 1];
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + sizeBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * sampleBytes, 28);
  header.writeUInt16LE(sampleBytes, 32);
  header.writeUInt16LE(sampleBytes * 8, 34);
  header.write('data', 36);
  header.writeUInt32LE(sizeBytes, 40);
  return header;
};

/** The format of a WAV file and the samples at its beginning. */
export interface WavBeginning {
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Whole frames (one sample of every channel) in the bytes given. */
  readonly frames: number;
  /** The sample of `channel` in `frame`, from -1 to 1. */
  sample(frame: number, channel: number): number;
}

/**
 * Reads the beginning of a WAV file: PCM of 8, 16, 24 and 32 bits, float, µ-law and A-law, plain or extensible,
 * also as RF64 and BW64. Null when it is something else, or its data chunk begins beyond the bytes given.
 * @see https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html
 */
export const readWavBeginning = (bytes: Uint8Array): WavBeginning | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (!['RIFF', 'RF64', 'BW64'].includes(tag(0)) || tag(8) !== 'WAVE') return null;

  let format: Format | null = null;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const sizeBytes = view.getUint32(at + 4, true);
    if (tag(at) === 'fmt ') format = readFormat(view, at + 8, sizeBytes);
    if (tag(at) === 'data') return format && samplesAt(view, format, at + 8, sizeBytes);
    // Chunks are padded to an even length.
    at += 8 + sizeBytes + (sizeBytes % 2);
  }
  return null;
};

interface Format {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly sampleBytes: number;
  readonly decode: Decode;
}
type Decode = (view: DataView, at: number) => number;

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;

const readFormat = (view: DataView, at: number, sizeBytes: number): Format | null => {
  if (sizeBytes < 16 || at + sizeBytes > view.byteLength) return null;
  const plain = view.getUint16(at, true);
  // The extensible form keeps the real format in the first two bytes of a GUID.
  const code = plain === EXTENSIBLE && sizeBytes >= 26 ? view.getUint16(at + 24, true) : plain;
  const bits = view.getUint16(at + 14, true);
  const decode = decoder(code, bits);
  const channels = view.getUint16(at + 2, true);
  const sampleRateHz = view.getUint32(at + 4, true);
  if (decode === null || channels === 0 || sampleRateHz === 0) return null;
  return { sampleRateHz, channels, sampleBytes: bits / 8, decode };
};

const decoder = (code: number, bits: number): Decode | null => {
  switch (`${code}:${bits}`) {
    case `${PCM}:8`:
      return (view, at) => (view.getUint8(at) - 128) / 128;
    case `${PCM}:16`:
      return (view, at) => view.getInt16(at, true) / 32_768;
    case `${PCM}:24`:
      return (view, at) => (view.getUint8(at) | (view.getInt16(at + 1, true) << 8)) / 8_388_608;
    case `${PCM}:32`:
      return (view, at) => view.getInt32(at, true) / 2_147_483_648;
    case `${FLOAT}:32`:
      return (view, at) => view.getFloat32(at, true);
    case `${FLOAT}:64`:
      return (view, at) => view.getFloat64(at, true);
    case `${A_LAW}:8`:
      return (view, at) => decodeAlaw(view.getUint8(at)) / 32_768;
    case `${MU_LAW}:8`:
      return (view, at) => decodeMulaw(view.getUint8(at)) / 32_768;
    default:
      return null;
  }
};

const samplesAt = (view: DataView, format: Format, at: number, declaredBytes: number): WavBeginning => {
  const frameBytes = format.sampleBytes * format.channels;
  // A recorder that streams, or RF64, declares 0 or the greatest number; then all the rest is data.
  const openEnded = declaredBytes === 0 || declaredBytes === 0xffff_ffff;
  const here = view.byteLength - at;
  const frames = Math.floor((openEnded ? here : Math.min(declaredBytes, here)) / frameBytes);
  return {
    sampleRateHz: format.sampleRateHz,
    channels: format.channels,
    frames,
    sample: (frame, channel) => {
      const value = format.decode(view, at + frame * frameBytes + channel * format.sampleBytes);
      return Number.isFinite(value) ? value : 0;
    },
  };
};
