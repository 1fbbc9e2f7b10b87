/** The audio that every speech model here takes: mono, this many samples a second, floats from -1 to 1. */
export const sampleRateHz = 16_000;

export const concatSamples = (parts: readonly Float32Array[]): Float32Array<ArrayBuffer> => {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
