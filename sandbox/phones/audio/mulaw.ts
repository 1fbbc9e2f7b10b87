/** Telephones: mulaw at 8 kHz, one byte a sample, in frames of 20 ms. @see ITU-T G.711 */
export const FRAME_MS = 20;
export const FRAME_BYTES = 160;
export const BYTES_PER_MS = 8;
/** The code of silence. */
const QUIET = 0xff;

export const silence = (durationMs: number): Uint8Array =>
  new Uint8Array(Math.round(durationMs * BYTES_PER_MS)).fill(QUIET);

export const SILENT_FRAME: Uint8Array = silence(FRAME_MS);

const BIAS = 0x84;
const LOUDEST = 32_635;

const expandOne = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7);
  return bits & 0x80 ? BIAS - magnitude : magnitude - BIAS;
};

const LINEAR: Int16Array = Int16Array.from({ length: 256 }, (_, code) => expandOne(code));

/** Each code as a sample of 16 bits. */
export const toLinear = (mulaw: Uint8Array): Int16Array => Int16Array.from(mulaw, (code) => LINEAR[code]!);

/** Samples from -1 to 1 as mulaw. */
export const toMulaw = (samples: Float32Array): Uint8Array => Uint8Array.from(samples, compressOne);

const compressOne = (sample: number): number => {
  const magnitude = Math.min(LOUDEST, Math.round(Math.abs(sample) * 32_768)) + BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
};

/** About -42 dBFS: above a telephone's noise, below a quiet voice. */
const VOICED = 250;

/** Whether there is a voice, or anything as loud, in a frame. */
export const isVoiced = (frame: Uint8Array): boolean => {
  let sum = 0;
  for (const code of frame) sum += LINEAR[code]! ** 2;
  return frame.length > 0 && Math.sqrt(sum / frame.length) >= VOICED;
};
