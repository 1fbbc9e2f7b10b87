/** ITU-T G.711, the audio of phones: one byte a sample, here to and from 16-bit samples. */

const BIAS = 0x84;
/** Louder samples have no code. */
const MAX_SAMPLE = 32_635;
/** The bias alone has this bit set. */
const LOWEST_EXPONENT_BIT = 7;
/** µ-law has two zeros. This one is the smallest step below the other, so that each code survives a round trip. */
const MINUS_ZERO = -1;

/** Codes are sent inverted: sign, three bits of exponent, four of mantissa. */
const expandMulaw = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
  if (bits & 0x80) return magnitude === 0 ? MINUS_ZERO : -magnitude;
  return magnitude;
};

/** Every second bit is sent inverted. */
const expandAlaw = (code: number): number => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 1) + 1;
  const magnitude = (exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1)) << 3;
  return bits & 0x80 ? magnitude : -magnitude;
};

const table = (expand: (code: number) => number): Int16Array =>
  Int16Array.from({ length: 256 }, (_, code) => expand(code));
const MULAW = table(expandMulaw);
const ALAW = table(expandAlaw);

/** The code of silence. */
export const MULAW_SILENCE = 0xff;

/** `encodeMulaw` gives each code back. */
export const decodeMulaw = (code: number): number => MULAW[code]!;

/** The code nearest to a sample. */
export const encodeMulaw = (sample: number): number => {
  const biased = Math.min(Math.abs(sample), MAX_SAMPLE) + BIAS;
  const exponent = 31 - LOWEST_EXPONENT_BIT - Math.clz32(biased);
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
};

export const decodeAlaw = (code: number): number => ALAW[code]!;
