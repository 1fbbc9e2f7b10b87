import { type AudioDecoder, SAMPLES_PER_MS } from './decoder.ts';
import type { RtpPacket } from './rtp.ts';

/** Decodes packets in their places, and makes up for those that were lost. */
export interface Hearing {
  /** @param lostBefore how many packets right before this one never came */
  packet(rtp: RtpPacket, lostBefore: number, atMs: number): void;
  /** What comes next has nothing to do with what came before. */
  reset(): void;
  readonly concealedMs: number;
  /** Packets whose payload could not be decoded. */
  readonly broken: number;
}

/** Longer losses are left silent: what libopus makes up has faded to nothing by then, and no word is left in it. */
const LONGEST_CONCEALED_MS = 120;

/** @param onSamples 16 kHz mono, and where the first sample lies on the conversation clock */
export const createHearing = (
  decoder: AudioDecoder,
  onSamples: (samples: Int16Array, atMs: number) => void,
): Hearing => {
  const ticksPerMs = decoder.clockRateHz / 1_000;
  /** The RTP time that follows what was decoded last; null when nothing was. */
  let nextTimestamp: number | null = null;
  let concealedMs = 0;
  let broken = 0;

  const conceal = (rtp: RtpPacket, atMs: number): void => {
    if (nextTimestamp === null) return;
    // `| 0` makes the difference right across the wraparound of RTP time, and negative for a step back.
    const missingMs = ((rtp.timestamp - nextTimestamp) | 0) / ticksPerMs;
    if (missingMs <= 0 || missingMs > LONGEST_CONCEALED_MS) return;
    const samples = decoder.conceal(rtp.payload, missingMs);
    concealedMs += samples.length / SAMPLES_PER_MS;
    onSamples(samples, atMs - missingMs);
  };

  return {
    packet(rtp, lostBefore, atMs) {
      // Without a loss, a gap in RTP time is a sender that had nothing to say; inventing sound for it would be wrong.
      if (lostBefore > 0) conceal(rtp, atMs);
      const samples = decoder.decode(rtp.payload);
      if (samples === null) {
        broken += 1;
        return;
      }
      nextTimestamp = rtp.timestamp + (samples.length / SAMPLES_PER_MS) * ticksPerMs;
      onSamples(samples, atMs);
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
