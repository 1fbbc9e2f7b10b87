import type { Log } from '../../core/ports.ts';
import { mixFor } from '../audio/mix.ts';
import { createMulawDecoder } from '../audio/mulaw.ts';
import { createOpusDecoder } from '../audio/opus.ts';
import { createPlayout, type Playout } from '../audio/playout.ts';
import type { Speaker } from '../signalling/transcription-taps.ts';
import type { TapListener } from '../tap.ts';
import type { FrameClock } from './frame-clock.ts';

/** What the telephones of one room hear: everybody whose microphone is on, but themselves. */
export interface PhoneMix {
  /** Takes the sound of one speaker into the mix, until `closed`. */
  listen(speaker: Pick<Speaker, 'peerId' | 'codec'>): TapListener;
  /** Begins to play to a telephone. Returns what ends it, which is idempotent. */
  add(peerId: string, play: (mulaw: Uint8Array) => void): () => void;
}

/** Telephones have 8 kHz; libopus decodes to it by itself, with nothing of what lies above in it. */
const PHONE_RATE_HZ = 8_000;

/** The clock runs only while there is a telephone. */
export const createPhoneMix = (options: {
  readonly clock: FrameClock;
  /** The clock that packets arrive by. */
  readonly nowMs: () => number;
  readonly log: Log;
}): PhoneMix => {
  const { clock, nowMs, log } = options;
  const voices = new Map<Playout, string>();
  const phones = new Map<string, (mulaw: Uint8Array) => void>();
  let stop: (() => void) | null = null;

  const play = (): void => {
    const takenMs = nowMs();
    const frames = new Map<string, Int16Array>();
    for (const [playout, peerId] of voices) {
      const frame = playout.take(takenMs);
      if (frame !== null) frames.set(peerId, frame);
    }
    const mixed = mixFor(frames, phones.keys());
    for (const [at, each] of [...phones.values()].entries()) each(mixed[at]!);
  };

  return {
    listen({ peerId, codec }) {
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
          voices.set(opened, peerId);
          close = () => {
            voices.delete(opened);
            decoder.close();
          };
        },
        (error: unknown) => log.error({ err: error }, 'a speaker is not in the mix: the codec did not load'),
      );
      return {
        // What comes in the few milliseconds before the codec is loaded is too old to be played.
        packet: (packet) => playout?.packet(packet),
        paused: (paused) => paused && playout?.clear(),
        closed() {
          closed = true;
          close();
        },
      };
    },
    add(peerId, line) {
      phones.set(peerId, line);
      stop ??= clock.start(play);
      return () => {
        if (phones.get(peerId) !== line) return;
        phones.delete(peerId);
        if (phones.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
};
