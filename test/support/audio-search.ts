/** Where a sound is found in another, and how alike the two are there, from -1 to 1. */
interface Found {
  readonly atMs: number;
  readonly likeness: number;
}

/** Where in `heard` the sound `said` is found, both at 8 kHz. */
export const findAudio = (said: Int16Array, heard: Int16Array): Found => {
  const energyBefore = energyUpTo(heard);
  const saidEnergy = energyUpTo(said).at(-1)!;
  const last = heard.length - said.length;
  /** Of every `step`th sample alone, which is nearly as good. */
  const likenessAt = (at: number, step: number): number => {
    const energy = energyBefore[at + said.length]! - energyBefore[at]!;
    if (energy === 0 || saidEnergy === 0) return 0;
    let product = 0;
    for (let sample = 0; sample < said.length; sample += step) product += said[sample]! * heard[at + sample]!;
    return (product * step) / Math.sqrt(saidEnergy * energy);
  };
  const look = (from: number, to: number, places: { every: number; step: number }) => {
    let best = { at: 0, likeness: -1 };
    for (let at = Math.max(0, from); at <= Math.min(last, to); at += places.every) {
      const likeness = likenessAt(at, places.step);
      if (likeness > best.likeness) best = { at, likeness };
    }
    return best;
  };
  const coarse = look(0, last, { every: 2, step: 7 });
  const { at, likeness } = look(coarse.at - 8, coarse.at + 8, { every: 1, step: 1 });
  return { atMs: at / 8, likeness };
};

/** The energy of all samples before each. */
const energyUpTo = (samples: Int16Array): Float64Array => {
  const sums = new Float64Array(samples.length + 1);
  for (const [at, sample] of samples.entries()) sums[at + 1] = sums[at]! + sample * sample;
  return sums;
};

const HALF_A_SECOND = 4_000;
const LOUDEST = 6;

/** How alike the best half second of `heard` is to some of `said`, both at 8 kHz: one that no stumbling machine has left out. */
export const bestCorrelation = (heard: Int16Array, said: Int16Array): number => {
  const energyBefore = energyUpTo(heard);
  const energyAt = (at: number): number => energyBefore[at + HALF_A_SECOND]! - energyBefore[at]!;
  const loudest = Array.from(
    { length: Math.floor(heard.length / HALF_A_SECOND) },
    (_, index) => index * HALF_A_SECOND,
  )
    .sort((a, b) => energyAt(b) - energyAt(a))
    .slice(0, LOUDEST);
  return Math.max(
    0,
    ...loudest.map((at) => findAudio(heard.subarray(at, at + HALF_A_SECOND), said).likeness),
  );
};
