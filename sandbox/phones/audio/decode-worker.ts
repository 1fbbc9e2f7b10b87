import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { concatSamples } from '../../common/audio.ts';
import { decodeAudio } from '../../common/decode-audio.ts';
import { serveWorkerThread } from '../../common/worker-thread.ts';
import { toMulaw } from './mulaw.ts';

/** In its own thread, so that decoding does not interrupt calls. */
export type DecoderApi = {
  /** Any recording, mixed to one channel, as mu-law at 8 kHz. Fails with `UndecodableError`. */
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

/** A half-band filter: passes the 3.4 kHz of phones, and removes what is above 4 kHz. */
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
