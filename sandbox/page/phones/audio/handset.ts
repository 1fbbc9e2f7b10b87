import { FRAME_BYTES, toLinear, toMulaw } from '../../../phones/audio/mulaw.ts';
import { createJitterBuffer } from './jitter-buffer.ts';
import { createResampler } from './resampler.ts';

const PHONE_HZ = 8000;
const FULL_SCALE = 32_768;

/** Converts between a browser's samples (-1 to 1, at its own rate) and a phone's mulaw frames of 20 ms. */
export interface Handset {
  /** Takes microphone samples; returns the frames that are complete. */
  encode(samples: Float32Array): Uint8Array[];
  /** Takes a frame from the phone network. */
  receive(frame: Uint8Array): void;
  /** Fills `output` with the samples to play next, and with silence where there are none. */
  render(output: Float32Array): void;
}

export const createHandset = (sampleRateHz: number): Handset => {
  const down = createResampler(sampleRateHz, PHONE_HZ);
  const up = createResampler(PHONE_HZ, sampleRateHz);
  const buffer = createJitterBuffer();
  let outgoing = new Float32Array(0);
  let incoming = new Float32Array(0);
  return {
    encode: (samples) => {
      outgoing = concat(outgoing, down.push(samples));
      const frames: Uint8Array[] = [];
      while (outgoing.length >= FRAME_BYTES) {
        frames.push(toMulaw(outgoing.subarray(0, FRAME_BYTES)));
        outgoing = outgoing.slice(FRAME_BYTES);
      }
      return frames;
    },
    receive: (frame) => buffer.push(frame),
    render: (output) => {
      while (incoming.length < output.length) {
        const frame = buffer.take();
        if (frame === null) break;
        const samples = Float32Array.from(toLinear(frame), (sample) => sample / FULL_SCALE);
        incoming = concat(incoming, up.push(samples));
      }
      output.fill(0);
      output.set(incoming.subarray(0, output.length));
      incoming = incoming.slice(output.length);
    },
  };
};

const concat = (first: Float32Array, second: Float32Array): Float32Array<ArrayBuffer> => {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
};
