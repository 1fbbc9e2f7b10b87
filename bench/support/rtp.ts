/** Where one speaker's RTP goes. */
export interface Microphone {
  readonly port: number;
  readonly ssrc: number;
  readonly payloadType: number;
}

/** Packet number `sent` of a speaker, in packets of 20 ms of Opus. */
export const opusPacket = ({ ssrc, payloadType }: Microphone, sent: number, payload: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8(payloadType, 1);
  bytes.writeUInt16BE(sent % 2 ** 16, 2);
  bytes.writeUInt32BE((sent * 960) % 2 ** 32, 4);
  bytes.writeUInt32BE(ssrc, 8);
  bytes.set(payload, 12);
  return bytes;
};
