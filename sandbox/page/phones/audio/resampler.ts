/** Zero crossings of the sinc on each side, at the slower rate: enough to keep aliases below what a phone carries. */
const ZERO_CROSSINGS = 16;
/** Share of the slower rate's bandwidth that passes; the filter rolls off above it. */
const PASSBAND = 0.92;

export interface Resampler {
  /** Returns the next samples at the other rate; those whose neighbours are still missing follow with the next call. */
  push(samples: Float32Array): Float32Array;
}

/**
 * Changes the rate of a stream of samples (whole Hz each) block by block, without discontinuities. It delays by 2 ms at
 * 8 kHz. A polyphase filter with a windowed sinc.
 */
export const createResampler = (fromHz: number, toHz: number): Resampler => {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  // An output sample lies at one of `phases` positions between two input samples; each has its own weights.
  const phases = toHz / divisor;
  const step = fromHz / divisor;
  const bandwidth = Math.min(1, toHz / fromHz);
  const half = Math.ceil(ZERO_CROSSINGS / bandwidth);
  const weights = Array.from({ length: phases }, (_, phase) => weightsAt(phase / phases, half, bandwidth));
  let pending = new Float32Array(half);
  let phase = 0;
  return {
    push: (samples) => {
      const input = new Float32Array(pending.length + samples.length);
      input.set(pending);
      input.set(samples, pending.length);
      const output: number[] = [];
      let from = 0;
      while (from + 2 * half <= input.length) {
        output.push(dotProduct(input, from, weights[phase]!));
        phase += step;
        from += Math.floor(phase / phases);
        phase %= phases;
      }
      pending = input.slice(from);
      return Float32Array.from(output);
    },
  };
};

const dotProduct = (input: Float32Array, from: number, weights: Float32Array): number => {
  let sum = 0;
  for (let tap = 0; tap < weights.length; tap += 1) sum += input[from + tap]! * weights[tap]!;
  return sum;
};

/** A sinc under a Hann window, for an output sample `offset` after the middle of `2 * half` input samples. */
const weightsAt = (offset: number, half: number, bandwidth: number): Float32Array => {
  const cutOff = bandwidth * PASSBAND;
  const weights = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const distance = tap - (half - 1) - offset;
    const angle = Math.PI * distance * cutOff;
    const ideal = angle === 0 ? 1 : Math.sin(angle) / angle;
    return ideal * Math.cos((Math.PI * distance) / (2 * half)) ** 2;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
