import { encodeMulaw, MULAW_SILENCE } from '../../core/audio/g711.ts';

/** 20 ms at 8 kHz. */
const FRAME_SAMPLES = 160;

/**
 * Brings what several people say at once to what each listener is to hear: everybody but themselves.
 * @param voices frames of 20 ms at 8 kHz, by who says them
 * @param listeners may say something themselves, or not
 * @returns 160 bytes of mulaw for each listener, in their order; listeners who hear the same get the same bytes
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
/** One voice on its own stays below this nearly always, and is not touched. */
const KNEE = 20_000;
const ROOM_ABOVE = FULL_SCALE - KNEE;

/** Bends what is too loud towards full scale, ever more slowly, where cutting it off would crackle. */
const limit = (sample: number): number => {
  const excess = Math.abs(sample) - KNEE;
  if (excess <= 0) return sample;
  return Math.round(Math.sign(sample) * (KNEE + (ROOM_ABOVE * excess) / (excess + ROOM_ABOVE)));
};
