/** Best position of a clip in a recording, and the correlation there, from -1 to 1. */
interface Found {
  readonly atMs: number;
  readonly correlation: number;
}

/** Finds the clip `clip` in the recording `recording`, both at 8 kHz. */
export const findAudio = (clip: Int16Array, recording: Int16Array): Found => {
  const energyBefore = energyUpTo(recording);
  const clipEnergy = energyUpTo(clip).at(-1)!;
  const last = recording.length - clip.length;
  /** From every `step`th sample, which is nearly as good. */
  const correlationAt = (at: number, step: number): number => {
    const energy = energyBefore[at + clip.length]! - energyBefore[at]!;
    if (energy === 0 || clipEnergy === 0) return 0;
    let product = 0;
    for (let sample = 0; sample < clip.length; sample += step)
      product += clip[sample]! * recording[at + sample]!;
    return (product * step) / Math.sqrt(clipEnergy * energy);
  };
  const look = (from: number, to: number, places: { every: number; step: number }) => {
    let best = { at: 0, correlation: -1 };
    for (let at = Math.max(0, from); at <= Math.min(last, to); at += places.every) {
      const correlation = correlationAt(at, places.step);
      if (correlation > best.correlation) best = { at, correlation };
    }
    return best;
  };
  const coarse = look(0, last, { every: 2, step: 7 });
  const { at, correlation } = look(coarse.at - 8, coarse.at + 8, { every: 1, step: 1 });
  return { atMs: at / 8, correlation };
};

/** The energy of all samples before each. */
const energyUpTo = (samples: Int16Array): Float64Array => {
  const sums = new Float64Array(samples.length + 1);
  for (const [at, sample] of samples.entries()) sums[at + 1] = sums[at]! + sample * sample;
  return sums;
};

const HALF_A_SECOND = 4_000;
const LOUDEST = 6;

/** Best correlation of a loud half second of `recording` with `clip`, both at 8 kHz. */
export const bestCorrelation = (recording: Int16Array, clip: Int16Array): number => {
  const energyBefore = energyUpTo(recording);
  const energyAt = (at: number): number => energyBefore[at + HALF_A_SECOND]! - energyBefore[at]!;
  const loudest = Array.from(
    { length: Math.floor(recording.length / HALF_A_SECOND) },
    (_, index) => index * HALF_A_SECOND,
  )
    .sort((a, b) => energyAt(b) - energyAt(a))
    .slice(0, LOUDEST);
  return Math.max(
    0,
    ...loudest.map((at) => findAudio(recording.subarray(at, at + HALF_A_SECOND), clip).correlation),
  );
};
