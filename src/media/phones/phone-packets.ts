import { decodeMulaw } from '../../core/audio/g711.ts';

/** A phone's audio as RTP. */
export interface PhonePackets {
  /** @param atMs of the first sample, on the leg's own clock, which may jump and may start again */
  packetsOf(mulaw: Uint8Array, atMs: number, arrivedMs: number): readonly Buffer[];
}

/** @see https://www.rfc-editor.org/rfc/rfc3551#section-6 */
export const PCMU_PAYLOAD_TYPE = 0;
/** The id of `ssrc-audio-level` in these packets, which mediasoup's level observers read. */
export const AUDIO_LEVEL_ID = 1;

const SAMPLES_PER_MS = 8;
/** 20 ms, as browsers expect of PCMU. */
const PACKET_SAMPLES = 160;
/** Times are whole milliseconds, and not always of the same sample: less than half a packet is no gap. */
const JITTER_MS = 10;

const HEADER_BYTES = 12;
/** Its header, the level, and padding to whole words. */
const EXTENSION_BYTES = 8;

export const createPhonePackets = (ssrc: number): PhonePackets => {
  let sequenceNumber = 0;
  /** Of the next sample when nothing is missing, on the leg's clock; null before the first. */
  let nextMs: number | null = null;
  let timestamp = 0;
  let lastArrivedMs = 0;

  /** Moves RTP time to `atMs`. True after a gap. */
  const moveTo = (atMs: number, arrivedMs: number): boolean => {
    const expectedMs = nextMs ?? atMs;
    const isFirst = nextMs === null;
    const gapMs = atMs - expectedMs;
    nextMs = atMs;
    if (Math.abs(gapMs) < JITTER_MS) {
      nextMs = expectedMs;
      return isFirst;
    }
    // A clock that started again does not tell how long the leg was away; our own clock does.
    const silentMs = gapMs > 0 ? gapMs : Math.max(0, arrivedMs - lastArrivedMs);
    timestamp = (timestamp + Math.round(silentMs * SAMPLES_PER_MS)) >>> 0;
    return true;
  };

  const write = (payload: Uint8Array, marker: boolean): Buffer => {
    const packet = Buffer.alloc(HEADER_BYTES + EXTENSION_BYTES + payload.length);
    packet.writeUInt8(0x90, 0);
    packet.writeUInt8((marker ? 0x80 : 0) | PCMU_PAYLOAD_TYPE, 1);
    packet.writeUInt16BE(sequenceNumber, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(ssrc, 8);
    // One extension of one byte. @see https://www.rfc-editor.org/rfc/rfc8285#section-4.2
    packet.writeUInt16BE(0xbede, 12);
    packet.writeUInt16BE(1, 14);
    packet.writeUInt8(AUDIO_LEVEL_ID << 4, 16);
    packet.writeUInt8(-levelOf(payload), 17);
    packet.set(payload, HEADER_BYTES + EXTENSION_BYTES);
    sequenceNumber = (sequenceNumber + 1) & 0xffff;
    timestamp = (timestamp + payload.length) >>> 0;
    return packet;
  };

  return {
    packetsOf(mulaw, atMs, arrivedMs) {
      if (mulaw.length === 0) return [];
      const marker = moveTo(atMs, arrivedMs);
      nextMs! += mulaw.length / SAMPLES_PER_MS;
      lastArrivedMs = arrivedMs;
      const packets: Buffer[] = [];
      for (let at = 0; at < mulaw.length; at += PACKET_SAMPLES) {
        packets.push(write(mulaw.subarray(at, at + PACKET_SAMPLES), marker && at === 0));
      }
      return packets;
    },
  };
};

/** In decibels relative to full scale, 0 to -127. @see https://www.rfc-editor.org/rfc/rfc6464#section-3 */
const levelOf = (mulaw: Uint8Array): number => {
  const squares = mulaw.reduce((total, code) => total + decodeMulaw(code) ** 2, 0);
  const dbov = 10 * Math.log10(squares / mulaw.length / 32_768 ** 2);
  return Math.round(Math.max(-127, Math.min(0, dbov)));
};
