import { encodeMulaw, MULAW_SILENCE } from '../../core/audio/g711.ts';

/** 20 ms at 8 kHz. */
const FRAME_SAMPLES = 160;

/**
 * Mixes for each listener all speakers but the listener.
 * @param voices frames of 20 ms at 8 kHz, by speaker
 * @param listeners who may be speakers too
 * @returns 160 bytes of mulaw for each listener, in order; listeners with the same mix share the same bytes
 */
export const mixFor = (
  voices: ReadonlyMap<string, Int16Array>,
  listeners: Iterable<string>,
): Uint8Array[] => {
  const all = new Int32Array(FRAME_SAMPLES);
  for (const voice of voices.values()) {
    for (let at = 0; at < FRAME_SAMPLES; at += 1) all[at]! += voice[at]!;
  }
  const everything = voices.size === 0 ? new Uint8Array(FRAME_SAMPLES).fill(MULAW_SILENCE) : encode(all);
  return Array.from(listeners, (listener) => {
    const own = voices.get(listener);
    return own === undefined ? everything : encode(all.map((sample, at) => sample - own[at]!));
  });
};

const encode = (sum: Int32Array): Uint8Array => Uint8Array.from(sum, (sample) => encodeMulaw(limit(sample)));

const FULL_SCALE = 32_767;
/** A single voice nearly always stays below this, and is not changed. */
const KNEE = 20_000;
const HEADROOM = FULL_SCALE - KNEE;

/** A soft knee towards full scale, where clipping would crackle. */
const limit = (sample: number): number => {
  const excess = Math.abs(sample) - KNEE;
  if (excess <= 0) return sample;
  return Math.round(Math.sign(sample) * (KNEE + (HEADROOM * excess) / (excess + HEADROOM)));
};
