import { encodeMulaw } from '../../core/audio/g711.ts';
import { createChunker } from './chunker.ts';
import { ENGINE_FORMATS } from './engine-formats.ts';
import { createGate } from './gate.ts';
import { createMulawDecoder } from './mulaw.ts';
import { createOpusDecoder } from './opus.ts';
import { createPacketDecoder } from './packet-decoder.ts';
import { createReorderBuffer, type Ordered } from './reorder.ts';
import type { RtpPacket } from './rtp.ts';
import { createTimeline, type Placed, type Timed } from './timeline.ts';
import { createVoiceDetector } from './voice-detector.ts';

/** One speaker's audio, from RTP packets to the chunks for the speech engine. All times are on the conversation clock. */
export interface SpeakerAudio {
  /** In the order of arrival. Copies the payload. `arrivedMs` never goes back. */
  packet(rtp: RtpPacket, arrivedMs: number): void;
  /**
   * Audio from before the mute is flushed at once; packets until the unmute are dropped without being decoded.
   */
  setMuted(muted: boolean): void;
  /** To be called every 20 to 100 ms, also while nothing arrives: it ends waits and closes the gate. */
  tick(nowMs: number): void;
  counters(): SpeakerAudioCounters;
  /** Flushes. Idempotent. */
  close(): void;
}

interface SpeakerAudioCounters {
  /** All, muted or not. */
  readonly packets: number;
  /** Could not be decoded. */
  readonly broken: number;
  /** Dropped while muted. */
  readonly muted: number;
  /** Duplicate or too late. */
  readonly dropped: number;
  /** Did not arrive in time. */
  readonly lost: number;
  /** Concealment for lost packets. */
  readonly concealedMs: number;
  /** Audio that the gate held back. */
  readonly gatedMs: number;
  readonly sentBytes: number;
}

export interface SpeakerAudioOptions {
  readonly codec: 'opus' | 'pcmu';
  /** In the codec's format of `ENGINE_FORMATS`: at most 100 ms, a buffer of its own; `atMs` of its first sample only grows. */
  readonly onAudio: (audio: Uint8Array, atMs: number) => void;
  /** The voice ended, or was muted. */
  readonly onPause: () => void;
}

/** Loads the codec and the voice detector, which takes a few milliseconds the first time. */
export const createSpeakerAudio = async (options: SpeakerAudioOptions): Promise<SpeakerAudio> => {
  const decoder = await DECODERS[options.codec]();
  const encode = ENCODERS[ENGINE_FORMATS[options.codec].encoding];
  const detector = await createVoiceDetector(decoder.sampleRateHz);
  const counts = { packets: 0, muted: 0, lost: 0, sentBytes: 0 };

  const chunker = createChunker({ sampleRateHz: decoder.sampleRateHz, encode }, (audio, atMs) => {
    counts.sentBytes += audio.length;
    options.onAudio(audio, atMs);
  });
  const gate = createGate(detector, {
    onFrame: (frame, atMs) => chunker.push(frame, atMs),
    onClose() {
      chunker.flush();
      options.onPause();
    },
  });
  const reorder = createReorderBuffer<Arrived>();
  const timeline = createTimeline<InOrder>(decoder.clockRateHz);
  const packetDecoder = createPacketDecoder(decoder, (samples, atMs, follows) =>
    gate.push(samples, atMs, follows),
  );

  const decodeAll = (placed: readonly Placed<InOrder>[]): void => {
    for (const { packet, atMs } of placed) packetDecoder.packet(packet, atMs);
  };
  const placeAll = (ordered: readonly Ordered<Arrived>[]): void => {
    for (const { packet, lostBefore } of ordered) {
      counts.lost += lostBefore;
      decodeAll(timeline.push({ ...packet, lostBefore }));
    }
  };

  /** Flushes every stage, and starts over. */
  const flush = (): void => {
    placeAll(reorder.drain());
    decodeAll(timeline.drain());
    packetDecoder.reset();
    gate.reset();
  };

  let muted = false;
  let closed = false;
  return {
    packet(rtp, arrivedMs) {
      if (closed) return;
      counts.packets += 1;
      if (muted) {
        counts.muted += 1;
        return;
      }
      const arrived: Arrived = {
        // It may wait for others, and its buffer is reused. From the pool, which costs less.
        payload: Buffer.from(rtp.payload),
        timestamp: rtp.timestamp,
        arrivedMs,
      };
      placeAll(reorder.push(arrived, rtp.sequenceNumber, arrivedMs));
    },
    setMuted(nowMuted) {
      if (closed || muted === nowMuted) return;
      muted = nowMuted;
      if (muted) flush();
    },
    tick(nowMs) {
      if (closed) return;
      placeAll(reorder.tick(nowMs));
      decodeAll(timeline.tick(nowMs));
      gate.tick(nowMs);
    },
    counters: () => ({
      ...counts,
      broken: packetDecoder.broken,
      concealedMs: packetDecoder.concealedMs,
      dropped: reorder.dropped,
      gatedMs: (gate.gatedSamples * 1_000) / decoder.sampleRateHz,
    }),
    close() {
      if (closed) return;
      flush();
      closed = true;
      decoder.close();
      detector.close();
    },
  };
};

const DECODERS = {
  opus: () => createOpusDecoder(ENGINE_FORMATS.opus.sampleRateHz),
  pcmu: async () => createMulawDecoder(),
} as const;

const ENCODERS = {
  /** Little-endian, as on every machine that Parley runs on. */
  linear16: (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  // The exact codes that the phone sent: decoding and encoding lose nothing.
  mulaw: (samples: Int16Array) => Uint8Array.from(samples, encodeMulaw),
} as const;

interface Arrived extends Timed {
  readonly payload: Uint8Array;
}

interface InOrder extends Arrived {
  readonly lostBefore: number;
}
