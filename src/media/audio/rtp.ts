/** One RTP packet. `payload` is a view into the bytes it was read from. */
export interface RtpPacket {
  readonly payloadType: number;
  /** 16 bits, wraps. */
  readonly sequenceNumber: number;
  /** 32 bits, wraps; counts the codec's clock. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
  /** The sender's own measure, when the packet has it under the requested id. */
  readonly audioLevel: AudioLevel | null;
}

interface AudioLevel {
  /** Decibels relative to full scale, from 0 (loudest) down to -127 (digital silence). */
  readonly dbov: number;
  /** Whether the sender detected a voice. A hint: senders may leave it false. */
  readonly voice: boolean;
}

const FIXED_HEADER_BYTES = 12;
const VERSION = 2;

/**
 * Parses an RTP packet without copying. Null for another version, or lengths beyond the end.
 * @param audioLevelId the negotiated id of `ssrc-audio-level`
 * @see https://www.rfc-editor.org/rfc/rfc3550#section-5.1
 */
export const parseRtp = (bytes: Uint8Array, audioLevelId?: number): RtpPacket | null => {
  if (bytes.length < FIXED_HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  if (first >> 6 !== VERSION) return null;

  let start = FIXED_HEADER_BYTES + (first & 0x0f) * 4;
  let audioLevel: AudioLevel | null = null;
  if (first & 0x10) {
    if (start + 4 > bytes.length) return null;
    const profile = view.getUint16(start);
    const end = start + 4 + view.getUint16(start + 2) * 4;
    if (end > bytes.length) return null;
    if (audioLevelId !== undefined) {
      audioLevel = findAudioLevel(bytes.subarray(start + 4, end), profile, audioLevelId);
    }
    start = end;
  }

  const paddingBytes = first & 0x20 ? view.getUint8(bytes.length - 1) : 0;
  const end = bytes.length - paddingBytes;
  // Padding counts itself, so 0 is invalid.
  if (end < start || (first & 0x20 && paddingBytes === 0)) return null;

  const second = view.getUint8(1);
  return {
    payloadType: second & 0x7f,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    marker: (second & 0x80) !== 0,
    payload: bytes.subarray(start, end),
    audioLevel,
  };
};

const ONE_BYTE_PROFILE = 0xbede;
/** The low four bits are application-defined. */
const TWO_BYTE_PROFILE = 0x100;
/** In the one-byte form, id 15 ends the extensions. */
const STOP_ID = 15;

/**
 * @see https://www.rfc-editor.org/rfc/rfc8285#section-4.2 the two forms of header extensions
 * @see https://www.rfc-editor.org/rfc/rfc6464#section-3 the level
 */
const findAudioLevel = (data: Uint8Array, profile: number, wantedId: number): AudioLevel | null => {
  const short = profile === ONE_BYTE_PROFILE;
  if (!short && profile >> 4 !== TWO_BYTE_PROFILE) return null;
  let at = 0;
  while (at < data.length) {
    const head = data[at]!;
    // A zero byte is padding between elements in both forms.
    if (head === 0) {
      at += 1;
      continue;
    }
    const id = short ? head >> 4 : head;
    if (short && id === STOP_ID) return null;
    const lengthBytes = short ? (head & 0x0f) + 1 : (data[at + 1] ?? 0);
    const start = at + (short ? 1 : 2);
    const value = data[start];
    if (id === wantedId && lengthBytes >= 1 && value !== undefined) {
      return { voice: (value & 0x80) !== 0, dbov: -(value & 0x7f) };
    }
    at = start + lengthBytes;
  }
  return null;
};
