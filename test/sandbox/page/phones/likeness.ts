const WINDOW_MS = 20;

/** The samples of a WAV file of 16 bits and one channel, and their rate. */
const samplesOf = (wav: Buffer): { samples: Int16Array; rateHz: number } => {
  const data = wav.indexOf('data', 12, 'latin1') + 8;
  const bytes = new Uint8Array(wav.subarray(data, wav.length - ((wav.length - data) % 2)));
  return { samples: new Int16Array(bytes.buffer), rateHz: wav.readUInt32LE(24) };
};

/** How loud a recording is, every 20 ms, on the scale that ears have. */
export const loudnessOf = (wav: Buffer): number[] => {
  const { samples, rateHz } = samplesOf(wav);
  const size = (rateHz * WINDOW_MS) / 1000;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, index) => {
    const window = samples.subarray(index * size, (index + 1) * size);
    const power = window.reduce((sum, sample) => sum + sample * sample, 0) / size;
    return Math.log10(power + 100);
  });
};

/**
 * How alike the end of one recording (`lengthMs` of it) and the best fitting place of another are, by their loudness:
 * 1 for the same. The best place in a stranger is far above 0, the more so the shorter the length: speech pauses like
 * speech. Filters and the browser's own gain change it little.
 */
export const likeness = (heard: Buffer, original: Buffer, lengthMs: number): number => {
  const part = loudnessOf(heard).slice(-lengthMs / WINDOW_MS);
  const whole = loudnessOf(original);
  // The browser begins its recording again when that is over.
  const looped = [...whole, ...whole.slice(0, part.length)];
  if (part.length < lengthMs / WINDOW_MS) return 0;
  return Math.max(...whole.map((_, at) => correlation(part, looped.slice(at, at + part.length))));
};

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [one, other] = [centred(a), centred(b)];
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * y[index]!, 0);
  const power = Math.sqrt(product(one, one) * product(other, other));
  return power === 0 ? 0 : product(one, other) / power;
};

const centred = (values: readonly number[]): number[] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
};
