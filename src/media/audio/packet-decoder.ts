import type { AudioDecoder } from './decoder.ts';

interface PacketInOrder {
  /** RTP time. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
  /** How many packets right before this one are missing. */
  readonly lostBefore: number;
}

/** Decodes packets in order, and conceals losses. */
export interface PacketDecoder {
  packet(packet: PacketInOrder, atMs: number): void;
  /** The next packet is unrelated to those before. */
  reset(): void;
  readonly concealedMs: number;
  /** Packets whose payload could not be decoded. */
  readonly broken: number;
}

/** Longer losses stay silent: the concealment of libopus has faded out by then. */
const LONGEST_CONCEALED_MS = 120;

/**
 * @param onSamples mono at the decoder's rate, the first sample's time on the conversation clock, and whether by RTP time
 * it follows the sample before it
 */
export const createPacketDecoder = (
  decoder: AudioDecoder,
  onSamples: (samples: Int16Array, atMs: number, follows: boolean) => void,
): PacketDecoder => {
  const ticksPerMs = decoder.clockRateHz / 1_000;
  const samplesPerMs = decoder.sampleRateHz / 1_000;
  /** The RTP time right after the last decoded samples; null before the first. */
  let nextTimestamp: number | null = null;
  let concealedMs = 0;
  let broken = 0;

  const conceal = (packet: PacketInOrder, atMs: number): void => {
    if (nextTimestamp === null) return;
    // `| 0` gives the right difference across the wraparound, and a negative one for a step back.
    const missingMs = ((packet.timestamp - nextTimestamp) | 0) / ticksPerMs;
    if (missingMs <= 0 || missingMs > LONGEST_CONCEALED_MS) return;
    const samples = decoder.conceal(packet.payload, missingMs);
    concealedMs += samples.length / samplesPerMs;
    onSamples(samples, atMs - missingMs, true);
    nextTimestamp = packet.timestamp;
  };

  return {
    packet(packet, atMs) {
      // Without a loss, a gap in RTP time is the sender's silence, which must not be concealed.
      if (packet.lostBefore > 0) conceal(packet, atMs);
      const samples = decoder.decode(packet.payload);
      if (samples === null) {
        broken += 1;
        return;
      }
      // `| 0` as above: both count in 32 bits.
      const follows = nextTimestamp !== null && ((packet.timestamp - nextTimestamp) | 0) === 0;
      nextTimestamp = packet.timestamp + (samples.length / samplesPerMs) * ticksPerMs;
      onSamples(samples, atMs, follows);
    },
    reset() {
      nextTimestamp = null;
    },
    get concealedMs() {
      return concealedMs;
    },
    get broken() {
      return broken;
    },
  };
};
