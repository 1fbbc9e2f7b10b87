import type { AudioDecoder } from './decoder.ts';

/** Of telephones; the clock of PCMU is the same. @see https://www.rfc-editor.org/rfc/rfc3551#section-4.5.14 */
const MULAW_RATE_HZ = 8_000;

/** Nothing at all, as a code. */
export const MULAW_SILENCE = 0xff;

/** ITU-T G.711 µ-law of telephones, one channel at 8 kHz. */
export const createMulawDecoder = (): AudioDecoder => ({
  clockRateHz: MULAW_RATE_HZ,
  sampleRateHz: MULAW_RATE_HZ,
  decode: (payload) => Int16Array.from(payload, decodeMulaw),
  // A telephone network fills its own gaps; what is lost on our way from it is left silent.
  conceal: (_next, durationMs) => new Int16Array(Math.round((durationMs * MULAW_RATE_HZ) / 1_000)),
  close() {},
});

/** The sample that a code stands for. Each code comes back from `encodeMulaw` as it was. */
export const decodeMulaw = (code: number): number => LINEAR[code]!;

/** The code nearest to a 16-bit sample. */
export const encodeMulaw = (sample: number): number => {
  const biased = Math.min(Math.abs(sample), MOST) + BIAS;
  const exponent = 31 - LOWEST_EXPONENT_BIT - Math.clz32(biased);
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
};

const BIAS = 0x84;
/** Louder samples have no code of their own. */
const MOST = 32_635;
/** The bias alone has this bit set. */
const LOWEST_EXPONENT_BIT = 7;

/** Codes are sent inverted: sign, three bits of exponent, four of mantissa. */
const expand = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
  if (bits & 0x80) return magnitude === 0 ? MINUS_ZERO : -magnitude;
  return magnitude;
};

/** G.711 has two zeros. This one is the smallest step below the other, so that none is lost on the way there and back. */
const MINUS_ZERO = -1;

const LINEAR = Int16Array.from({ length: 256 }, (_, code) => expand(code));
