import { toLinear } from './mulaw.ts';

const HEADER_BYTES = 44;
const RATE_HZ = 8000;

/** A WAV file of 16-bit samples at 8 kHz; each channel is mulaw, and all are as long as the first. */
export const wavOf = (channels: readonly Uint8Array[]): Buffer => {
  const count = channels.length;
  const samples = channels[0]?.length ?? 0;
  const file = Buffer.alloc(HEADER_BYTES + samples * count * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(count, 22);
  file.writeUInt32LE(RATE_HZ, 24);
  file.writeUInt32LE(RATE_HZ * count * 2, 28);
  file.writeUInt16LE(count * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * count * 2, 40);
  for (const [channel, mulaw] of channels.entries()) {
    for (const [index, sample] of toLinear(mulaw).entries()) {
      file.writeInt16LE(sample, HEADER_BYTES + (index * count + channel) * 2);
    }
  }
  return file;
};
