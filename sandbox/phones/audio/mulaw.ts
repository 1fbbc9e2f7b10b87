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

/** Frames one after the other. */
export const concatFrames = (frames: readonly Uint8Array[]): Uint8Array =>
  frames.length === 0 ? silence(0) : Buffer.concat(frames);

/** About -42 dBFS: above the noise of a phone, below a quiet voice. */
const VOICED = 250;

/** Whether a frame holds a voice, or anything as loud. */
export const isVoiced = (frame: Uint8Array): boolean => {
  let sum = 0;
  for (const code of frame) sum += MULAW_TO_LINEAR[code]! ** 2;
  return frame.length > 0 && Math.sqrt(sum / frame.length) >= VOICED;
};
