/** A tone from -1 to 1, half as loud as it could be. */
export const tone = (hz: number, rateHz: number, lengthMs: number): Float32Array =>
  Float32Array.from(
    { length: Math.round((rateHz * lengthMs) / 1000) },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rateHz),
  );

/** How loud one frequency is in a sound: the amplitude of a tone of it. */
export const amplitudeAt = (hz: number, samples: Float32Array, rateHz: number): number => {
  let cosine = 0;
  let sine = 0;
  for (const [index, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hz * index) / rateHz;
    cosine += sample * Math.cos(angle);
    sine += sample * Math.sin(angle);
  }
  return (2 * Math.hypot(cosine, sine)) / samples.length;
};

export const loudness = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
