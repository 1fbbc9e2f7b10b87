import { readFile, writeFile } from 'node:fs/promises';
import { wavOf } from '../../scripts/wav.ts';
import { fixture } from './fixtures.ts';

/** Of all tapes and fixtures: 16 kHz mono linear16. */
export const SAMPLE_RATE_HZ = 16_000;
const BYTES_PER_MS = (SAMPLE_RATE_HZ / 1_000) * 2;

/** Writes samples as a WAV file that a browser takes for a microphone. */
export const writeWav = (file: string, samples: Buffer): Promise<void> =>
  writeFile(file, wavOfSamples(samples));

export const wavOfSamples = (samples: Buffer): Buffer =>
  wavOf(samples, { sampleRateHz: SAMPLE_RATE_HZ, channels: 1 });

/** A part of a fixture's samples. */
export const cutFixture = async (
  name: string,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): Promise<Buffer> => {
  const wav = await readFile(fixture(`${name}.wav`));
  const at = wav.indexOf('data', 12, 'latin1') + 8;
  return wav.subarray(at + startMs * BYTES_PER_MS, at + endMs * BYTES_PER_MS);
};
