import type { AudioDecoder } from './decoder.ts';

/** The clock of PCMU is its sample rate. @see https://www.rfc-editor.org/rfc/rfc3551#section-4.5.14 */
const MULAW_RATE_HZ = 8_000;

/** ITU-T G.711 µ-law of telephones, one channel at 8 kHz, brought to 16 kHz. */
export const createMulawDecoder = (): AudioDecoder => {
  const double = createDoubler();
  return {
    clockRateHz: MULAW_RATE_HZ,
    decode: (payload) => double(Int16Array.from(payload, (code) => LINEAR[code]!)),
    // A telephone network fills its own gaps; what is lost on our way from it is left silent.
    conceal: (_next, durationMs) => double(new Int16Array(Math.round(durationMs * 8))),
    close() {},
  };
};

const BIAS = 0x84;

/** Codes are sent inverted: sign, three bits of exponent, four of mantissa. */
const expand = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
};

const LINEAR = Int16Array.from({ length: 256 }, (_, code) => expand(code));

/**
 * Twice the sample rate: a new sample between each two, from the eight around it. Images of the speech above
 * 4 kHz, which an engine could take for consonants, stay more than 40 dB below it.
 */
const createDoubler = (): ((samples: Int16Array) => Int16Array) => {
  const history = new Int16Array(BETWEEN.length - 1);
  return (samples) => {
    const all = new Int16Array(history.length + samples.length);
    all.set(history);
    all.set(samples, history.length);
    history.set(all.subarray(samples.length));
    const doubled = new Int16Array(samples.length * 2);
    for (let at = 0; at < samples.length; at += 1) {
      let between = 0;
      for (let tap = 0; tap < BETWEEN.length; tap += 1) between += BETWEEN[tap]! * all[at + tap]!;
      doubled[2 * at] = all[at + BETWEEN.length / 2 - 1]!;
      doubled[2 * at + 1] = Math.max(-32_768, Math.min(32_767, Math.round(between)));
    }
    return doubled;
  };
};

const TAPS = 8;

/** The ideal interpolator half-way between samples, faded out by a Hann window; its weights sum to one. */
const BETWEEN: readonly number[] = (() => {
  const weights = Array.from({ length: TAPS }, (_, tap) => {
    const distance = tap - (TAPS - 1) / 2;
    const window = 0.5 + 0.5 * Math.cos((2 * Math.PI * distance) / (TAPS + 1));
    return (window * Math.sin(Math.PI * distance)) / (Math.PI * distance);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();
