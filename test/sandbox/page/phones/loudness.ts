const WINDOW_MS = 20;

/** The samples of a WAV file of 16 bits and one channel, and their rate. */
const samplesOf = (wav: Buffer): { samples: Int16Array; rateHz: number } => {
  const data = wav.indexOf('data', 12, 'latin1') + 8;
  const bytes = new Uint8Array(wav.subarray(data, wav.length - ((wav.length - data) % 2)));
  return { samples: new Int16Array(bytes.buffer), rateHz: wav.readUInt32LE(24) };
};

/** The same of one of 8 kHz or of a multiple of that, as a telephone has it. */
export const samplesAt8kHz = (wav: Buffer): Int16Array => {
  const { samples, rateHz } = samplesOf(wav);
  return samples.filter((_, at) => at % (rateHz / 8_000) === 0);
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
