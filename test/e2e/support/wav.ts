import { readFile, writeFile } from 'node:fs/promises';
import { fixture } from '../../support/fixtures.ts';

/** Of all tapes and fixtures: 16 kHz mono linear16. */
export const RATE_HZ = 16_000;
const BYTES_PER_MS = (RATE_HZ / 1_000) * 2;

/** Writes samples as a WAV file that a browser takes for a microphone. */
export const writeWav = (file: string, samples: Buffer): Promise<void> =>
  writeFile(file, wavOfSamples(samples));

export const wavOfSamples = (samples: Buffer): Buffer => {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE(RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
};

/** A part of a fixture's samples. */
export const cutFrom = async (
  name: string,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): Promise<Buffer> => {
  const wav = await readFile(fixture(`${name}.wav`));
  const at = wav.indexOf('data', 12, 'latin1') + 8;
  return wav.subarray(at + startMs * BYTES_PER_MS, at + endMs * BYTES_PER_MS);
};
