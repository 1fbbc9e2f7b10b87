/** A WAV file of encoded audio; 16-bit PCM unless `code` and `bits` differ. */
export const wavOf = (
  audio: Uint8Array,
  format: {
    readonly sampleRateHz: number;
    readonly channels: number;
    readonly code?: number;
    readonly bits?: number;
  },
): Buffer => {
  const { sampleRateHz, channels, code = 1, bits = 16 } = format;
  const frameBytes = (channels * bits) / 8;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + audio.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(audio.length, 40);
  return Buffer.concat([header, audio]);
};
