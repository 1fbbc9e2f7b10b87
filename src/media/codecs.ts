import type { RouterRtpCodecCapability } from 'mediasoup/types';

/** The codecs of a room, in the order of preference. A sender chooses among them; nothing is transcoded. */
export const ROOM_CODECS: readonly RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: {
      // A lost packet is recovered from the next one, for browsers and for transcription.
      useinbandfec: 1,
      // Silence takes a packet every 400 ms instead of fifty a second.
      usedtx: 1,
    },
  },
  // For phones. After Opus, so that no browser chooses it for its microphone.
  { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8_000 },
  // VP8 first: every browser encodes it in simulcast layers.
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: {
      // Constrained baseline, which all hardware supports.
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
    },
  },
];
