/** How many of the slower rate's samples on each side weigh in: enough that an alias is not heard on a telephone. */
const REACH = 16;
/** Of the slower rate's bandwidth: what is between this and all of it fades out. */
const PASSED = 0.92;

export interface Resampler {
  /** The samples that follow the ones before, at the other rate; what is still missing its neighbours comes next time. */
  push(samples: Float32Array): Float32Array;
}

/**
 * Changes the rate of a stream of samples (whole Hz each), piece by piece and without a seam. It delays by 2 ms at a
 * telephone's rate.
 */
export const createResampler = (fromHz: number, toHz: number): Resampler => {
  const divisor = greatestCommon(fromHz, toHz);
  // An output sample lies at one of `phases` places between two input samples, and each place has its own weights.
  const phases = toHz / divisor;
  const step = fromHz / divisor;
  const slower = Math.min(1, toHz / fromHz);
  const half = Math.ceil(REACH / slower);
  const weights = Array.from({ length: phases }, (_, phase) => weightsAt(phase / phases, half, slower));
  let waiting = new Float32Array(half);
  let phase = 0;
  return {
    push: (samples) => {
      const input = new Float32Array(waiting.length + samples.length);
      input.set(waiting);
      input.set(samples, waiting.length);
      const output: number[] = [];
      let from = 0;
      while (from + 2 * half <= input.length) {
        output.push(weighed(input, from, weights[phase]!));
        phase += step;
        from += Math.floor(phase / phases);
        phase %= phases;
      }
      waiting = input.slice(from);
      return Float32Array.from(output);
    },
  };
};

const weighed = (input: Float32Array, from: number, weights: Float32Array): number => {
  let sum = 0;
  for (let tap = 0; tap < weights.length; tap += 1) sum += input[from + tap]! * weights[tap]!;
  return sum;
};

/** A sinc under a Hann window, for an output sample `offset` after the middle of `2 * half` input samples. */
const weightsAt = (offset: number, half: number, slower: number): Float32Array => {
  const cutOff = slower * PASSED;
  const weights = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const distance = tap - (half - 1) - offset;
    const angle = Math.PI * distance * cutOff;
    const ideal = angle === 0 ? 1 : Math.sin(angle) / angle;
    return ideal * Math.cos((Math.PI * distance) / (2 * half)) ** 2;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b));
