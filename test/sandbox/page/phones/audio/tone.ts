/** A sine with an amplitude of 0.5 of full scale. */
export const tone = (hz: number, rateHz: number, lengthMs: number): Float32Array =>
  Float32Array.from(
    { length: Math.round((rateHz * lengthMs) / 1000) },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rateHz),
  );

/** The amplitude of one frequency in samples (a single bin of a Fourier transform). */
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

/** Root mean square. */
export const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

const FRAME_SAMPLES = 160;
/** Of a frame's energy: what is left beside a pure tone after mulaw and a browser's processing is far below the rest. */
const TONE_SHARE = 0.8;
/** Frames below this are silence. */
const AUDIBLE_RMS = 0.005;

/** How many frames of 20 ms, at 8 kHz, are a tone of this frequency and little else. */
export const framesOfTone = (hz: number, samples: Float32Array): number => {
  let frames = 0;
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
    const frame = samples.subarray(at, at + FRAME_SAMPLES);
    const level = rms(frame);
    const toneEnergy = amplitudeAt(hz, frame, 8000) ** 2 / 2;
    if (level > AUDIBLE_RMS && toneEnergy > TONE_SHARE * level ** 2) frames += 1;
  }
  return frames;
};
