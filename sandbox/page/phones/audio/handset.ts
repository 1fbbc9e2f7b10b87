import { FRAME_BYTES, toLinear, toMulaw } from '../../../phones/audio/mulaw.ts';
import { createJitterBuffer } from './jitter-buffer.ts';
import { createResampler } from './resampler.ts';

const TELEPHONE_HZ = 8000;
const FULL_SCALE = 32_768;

/** A telephone's two ends, between a browser's samples (from -1 to 1, at its own rate) and mulaw in pieces of 20 ms. */
export interface Handset {
  /** Takes what the microphone hears; answers with the pieces that are full. */
  speak(samples: Float32Array): Uint8Array[];
  /** Takes a piece that the telephone hears. */
  hear(piece: Uint8Array): void;
  /** Fills `output` with what is to be heard next; with silence where nothing is. */
  play(output: Float32Array): void;
}

export const createHandset = (sampleRateHz: number): Handset => {
  const down = createResampler(sampleRateHz, TELEPHONE_HZ);
  const up = createResampler(TELEPHONE_HZ, sampleRateHz);
  const buffer = createJitterBuffer();
  let spoken = new Float32Array(0);
  let heard = new Float32Array(0);
  return {
    speak: (samples) => {
      spoken = joined(spoken, down.push(samples));
      const pieces: Uint8Array[] = [];
      while (spoken.length >= FRAME_BYTES) {
        pieces.push(toMulaw(spoken.subarray(0, FRAME_BYTES)));
        spoken = spoken.slice(FRAME_BYTES);
      }
      return pieces;
    },
    hear: (piece) => buffer.push(piece),
    play: (output) => {
      while (heard.length < output.length) {
        const piece = buffer.take();
        if (piece === null) break;
        heard = joined(heard, up.push(Float32Array.from(toLinear(piece), (sample) => sample / FULL_SCALE)));
      }
      output.fill(0);
      output.set(heard.subarray(0, output.length));
      heard = heard.slice(output.length);
    },
  };
};

const joined = (first: Float32Array, second: Float32Array): Float32Array<ArrayBuffer> => {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
};
