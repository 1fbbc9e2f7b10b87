import { BYTES_PER_MS, toMulaw } from './mulaw.ts';

const tone = (durationMs: number, hz: (ms: number) => number, level: (ms: number) => number): Uint8Array => {
  let phase = 0;
  return toMulaw(
    Float32Array.from({ length: Math.round(durationMs * BYTES_PER_MS) }, (_, index) => {
      const ms = index / BYTES_PER_MS;
      phase += (2 * Math.PI * hz(ms)) / (1000 * BYTES_PER_MS);
      return level(ms) * Math.sin(phase);
    }),
  );
};

const SYLLABLE_MS = 200;

/** In place of a synthetic voice: a soft hum that rises and falls like syllables. */
export const hum = (durationMs: number): Uint8Array =>
  tone(
    durationMs,
    (ms) => 180 + 30 * (Math.floor(ms / SYLLABLE_MS) % 3),
    (ms) => 0.05 * Math.sin((Math.PI * (ms % SYLLABLE_MS)) / SYLLABLE_MS),
  );

/** The beep of a voicemail. */
export const beep = (durationMs: number): Uint8Array =>
  tone(
    durationMs,
    () => 1000,
    () => 0.3,
  );
