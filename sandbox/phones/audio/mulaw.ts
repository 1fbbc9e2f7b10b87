import { compressMulaw, MULAW_TO_LINEAR } from '../../common/g711.ts';

/** Phone audio: mu-law at 8 kHz, one byte a sample, in frames of 20 ms. */
export const FRAME_MS = 20;
export const FRAME_BYTES = 160;
export const BYTES_PER_MS = 8;
/** The code of silence. */
const QUIET = 0xff;

export const silence = (durationMs: number): Uint8Array =>
  new Uint8Array(Math.round(durationMs * BYTES_PER_MS)).fill(QUIET);

export const SILENT_FRAME: Uint8Array = silence(FRAME_MS);

/** Each code as a sample of 16 bits. */
export const toLinear = (mulaw: Uint8Array): Int16Array =>
  Int16Array.from(mulaw, (code) => MULAW_TO_LINEAR[code]!);

/** Samples from -1 to 1 as mulaw. */
export const toMulaw = (samples: Float32Array): Uint8Array => Uint8Array.from(samples, compressMulaw);

/** About -42 dBFS: above a telephone's noise, below a quiet voice. */
const VOICED = 250;

/** Whether there is a voice, or anything as loud, in a frame. */
export const isVoiced = (frame: Uint8Array): boolean => {
  let sum = 0;
  for (const code of frame) sum += MULAW_TO_LINEAR[code]! ** 2;
  return frame.length > 0 && Math.sqrt(sum / frame.length) >= VOICED;
};
