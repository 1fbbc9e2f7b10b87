import { encodeMulaw } from '../../core/audio/g711.ts';
import { ENGINE_FORMATS } from './engine-formats.ts';
import { createGate } from './gate.ts';
import { createMulawDecoder } from './mulaw.ts';
import { createOpusDecoder } from './opus.ts';
import { createPacketDecoder } from './packet-decoder.ts';
import { createPieces } from './pieces.ts';
import { createReorderBuffer, type Ordered } from './reorder.ts';
import type { RtpPacket } from './rtp.ts';
import { createTimeline, type Placed, type Timed } from './timeline.ts';
import { createVoiceDetector } from './voice-detector.ts';

/** The way of one speaker's audio from RTP packets to what the speech engine hears. All times are on the conversation clock. */
export interface SpeakerAudio {
  /** Takes one packet as it came, in whatever order, and copies its payload. `arrivedMs` never goes back. */
  packet(rtp: RtpPacket, arrivedMs: number): void;
  /**
   * What was said before the mute is handed over at once, nothing that comes until the unmute ever is, and it is
   * not even decoded.
   */
  setMuted(muted: boolean): void;
  /** To be called every 20 to 100 ms, also while nothing arrives: it is what ends waits and closes the gate. */
  tick(nowMs: number): void;
  counters(): SpeakerAudioCounters;
  /** Hands over what was said so far. Idempotent. */
  close(): void;
}

interface SpeakerAudioCounters {
  /** All that arrived, muted or not. */
  readonly packets: number;
  /** Held nothing that could be decoded. */
  readonly broken: number;
  /** Arrived while muted, and thrown away. */
  readonly muted: number;
  /** Came twice or too late. */
  readonly dropped: number;
  /** Never came in time. */
  readonly lost: number;
  /** Audio made up for lost packets. */
  readonly concealedMs: number;
  /** Audio that the gate kept back. */
  readonly gatedMs: number;
  readonly sentBytes: number;
}

export interface SpeakerAudioOptions {
  readonly codec: 'opus' | 'pcmu';
  /** As `HEARD_AS` says of the codec: at most 100 ms, its own buffer; `atMs` is the time of its first sample and only grows. */
  readonly onAudio: (audio: Uint8Array, atMs: number) => void;
  /** The voice has ended, or was muted: nothing comes until it begins again. */
  readonly onPause: () => void;
}

/** Loads the codec and the voice detector, which takes a few milliseconds the first time. */
export const createSpeakerAudio = async (options: SpeakerAudioOptions): Promise<SpeakerAudio> => {
  const decoder = await DECODERS[options.codec]();
  const encode = ENCODERS[ENGINE_FORMATS[options.codec].encoding];
  const detector = await createVoiceDetector(decoder.sampleRateHz);
  const counts = { packets: 0, muted: 0, lost: 0, sentBytes: 0 };

  const pieces = createPieces({ sampleRateHz: decoder.sampleRateHz, encode }, (audio, atMs) => {
    counts.sentBytes += audio.length;
    options.onAudio(audio, atMs);
  });
  const gate = createGate(detector, {
    onFrame: (frame, atMs) => pieces.push(frame, atMs),
    onClose() {
      pieces.flush();
      options.onPause();
    },
  });
  const reorder = createReorderBuffer<Arrived>();
  const timeline = createTimeline<InOrder>(decoder.clockRateHz);
  const hearing = createPacketDecoder(decoder, (samples, atMs, follows) => gate.push(samples, atMs, follows));

  const hearAll = (placed: readonly Placed<InOrder>[]): void => {
    for (const { packet, atMs } of placed) hearing.packet(packet, atMs);
  };
  const placeAll = (ordered: readonly Ordered<Arrived>[]): void => {
    for (const { packet, lostBefore } of ordered) {
      counts.lost += lostBefore;
      hearAll(timeline.push({ ...packet, lostBefore }));
    }
  };

  /** Whatever is on its way through comes out, and what follows has nothing to do with it. */
  const finish = (): void => {
    placeAll(reorder.drain());
    hearAll(timeline.drain());
    hearing.reset();
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
        // It may wait for others, and the buffer that it came in is used again. From the pool, which costs less.
        payload: Buffer.from(rtp.payload),
        timestamp: rtp.timestamp,
        arrivedMs,
      };
      placeAll(reorder.push(arrived, rtp.sequenceNumber, arrivedMs));
    },
    setMuted(nowMuted) {
      if (closed || muted === nowMuted) return;
      muted = nowMuted;
      if (muted) finish();
    },
    tick(nowMs) {
      if (closed) return;
      placeAll(reorder.tick(nowMs));
      hearAll(timeline.tick(nowMs));
      gate.tick(nowMs);
    },
    counters: () => ({
      ...counts,
      broken: hearing.broken,
      concealedMs: hearing.concealedMs,
      dropped: reorder.dropped,
      gatedMs: (gate.gatedSamples * 1_000) / decoder.sampleRateHz,
    }),
    close() {
      if (closed) return;
      finish();
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
  /** Little-endian, as all machines are that Parley runs on. */
  linear16: (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  // Code for code what the telephone sent: the samples in between lose nothing.
  mulaw: (samples: Int16Array) => Uint8Array.from(samples, encodeMulaw),
} as const;

interface Arrived extends Timed {
  readonly payload: Uint8Array;
}

interface InOrder extends Arrived {
  readonly lostBefore: number;
}
