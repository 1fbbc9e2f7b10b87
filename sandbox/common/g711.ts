/** G.711 mu-law, one byte a sample. @see ITU-T G.711 */

const BIAS = 0x84;
const CLIP = 32_635;

const expand = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7);
  return bits & 0x80 ? BIAS - magnitude : magnitude - BIAS;
};

/** The 16-bit sample of each code. */
export const MULAW_TO_LINEAR: Int16Array = Int16Array.from({ length: 256 }, (_, code) => expand(code));

/** A sample from -1 to 1 as a code. */
export const compressMulaw = (sample: number): number => {
  const magnitude = Math.min(CLIP, Math.round(Math.abs(sample) * 32_768)) + BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
};
