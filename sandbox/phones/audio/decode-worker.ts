import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { concatSamples } from '../../common/audio.ts';
import { decodeAudio } from '../../common/decode-audio.ts';
import { serveWorkerThread } from '../../common/worker-thread.ts';
import { toMulaw } from './mulaw.ts';

/** A thread of its own: decoding a recording must not make a telephone stutter. */
export type DecoderApi = {
  /** Any recording, mixed to one channel, as mulaw at 8 kHz. Fails with `UndecodableError`. */
  decode: (bytes: Uint8Array) => Uint8Array;
};

const decode = (bytes: Uint8Array): Uint8Array => {
  const directory = mkdtempSync(path.join(tmpdir(), 'parley-phones-'));
  try {
    const file = path.join(directory, 'recording');
    writeFileSync(file, bytes);
    const parts = [...decodeAudio(file, { mix: true })].map(([samples]) => samples!);
    return toMulaw(halve(concatSamples(parts)));
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const TAPS = 31;

/** A half-band filter: lets a telephone's 3.4 kHz through and keeps what is above 4 kHz from folding into it. */
const HALF_BAND: readonly number[] = (() => {
  const weights = Array.from({ length: TAPS }, (_, tap) => {
    const distance = tap - (TAPS - 1) / 2;
    const ideal = distance === 0 ? 0.5 : Math.sin((Math.PI * distance) / 2) / (Math.PI * distance);
    return ideal * (0.54 + 0.46 * Math.cos((2 * Math.PI * distance) / (TAPS - 1)));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();

/** 16 kHz to 8 kHz. */
const halve = (samples: Float32Array): Float32Array =>
  Float32Array.from({ length: samples.length >> 1 }, (_, index) => {
    let sum = 0;
    for (const [tap, weight] of HALF_BAND.entries()) {
      sum += weight * (samples[2 * index + tap - (TAPS - 1) / 2] ?? 0);
    }
    return sum;
  });

serveWorkerThread<DecoderApi>({ decode }, (result) => [(result as Uint8Array<ArrayBuffer>).buffer]);
