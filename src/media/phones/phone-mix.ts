import type { Log } from '../../core/ports.ts';
import { mixFor } from '../audio/mix.ts';
import { createMulawDecoder } from '../audio/mulaw.ts';
import { createOpusDecoder } from '../audio/opus.ts';
import { createPlayout, type Playout } from '../audio/playout.ts';
import type { Speaker } from '../signalling/microphone-taps.ts';
import type { TapListener } from '../tap.ts';
import type { FrameClock } from './frame-clock.ts';

/** The audio for the phones of one room: every open microphone, but for a phone its own. */
export interface PhoneMix {
  /** Mixes one speaker in, until `closed`. */
  addSpeaker(speaker: Pick<Speaker, 'peerId' | 'codec'>): TapListener;
  /** Starts to play the mix to a phone. Returns what stops it, which is idempotent. */
  addPhone(peerId: string, play: (mulaw: Uint8Array) => void): () => void;
}

/** libopus decodes to the rate of phones by itself, without aliasing. */
const PHONE_RATE_HZ = 8_000;

/** The clock runs only while there is a phone. */
export const createPhoneMix = (options: {
  readonly clock: FrameClock;
  /** The clock that packets arrive by. */
  readonly nowMs: () => number;
  readonly log: Log;
}): PhoneMix => {
  const { clock, nowMs, log } = options;
  const speakers = new Map<Playout, string>();
  const phones = new Map<string, (mulaw: Uint8Array) => void>();
  let stop: (() => void) | null = null;

  const play = (): void => {
    const takenMs = nowMs();
    const frames = new Map<string, Int16Array>();
    for (const [playout, peerId] of speakers) {
      const frame = playout.take(takenMs);
      if (frame !== null) frames.set(peerId, frame);
    }
    const mixed = mixFor(frames, phones.keys());
    for (const [at, playTo] of [...phones.values()].entries()) playTo(mixed[at]!);
  };

  return {
    addSpeaker({ peerId, codec }) {
      let playout: Playout | null = null;
      let close = (): void => {};
      let closed = false;
      const decoding =
        codec === 'opus' ? createOpusDecoder(PHONE_RATE_HZ) : Promise.resolve(createMulawDecoder());
      decoding.then(
        (decoder) => {
          if (closed) return decoder.close();
          const opened = createPlayout(decoder);
          playout = opened;
          speakers.set(opened, peerId);
          close = () => {
            speakers.delete(opened);
            decoder.close();
          };
        },
        (error: unknown) => log.error({ err: error }, 'a speaker is not in the mix: the codec did not load'),
      );
      return {
        // What arrives in the few milliseconds before the codec is loaded would be too late to play.
        packet: (packet) => playout?.packet(packet),
        paused: (paused) => paused && playout?.clear(),
        closed() {
          closed = true;
          close();
        },
      };
    },
    addPhone(peerId, playTo) {
      phones.set(peerId, playTo);
      stop ??= clock.start(play);
      return () => {
        if (phones.get(peerId) !== playTo) return;
        phones.delete(peerId);
        if (phones.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
};
