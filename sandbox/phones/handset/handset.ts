import { silence } from '../audio/mulaw.ts';
import { createPlayoutBuffer, type PlayoutBuffer } from '../audio/playout-buffer.ts';
import type { Call } from '../call/call.ts';
import type { PhoneBehaviour } from '../control/contract.ts';

/** A telephone: what it does, the call it is in, and its sound. */
export interface Handset {
  readonly number: string;
  owner: string | null;
  behaviour: PhoneBehaviour;
  call: Call | null;
  /** The call it is in, or was in last. */
  newest: Call | null;
  /** Recordings that are to be said into the call. */
  readonly speech: PlayoutBuffer;
  /** What a person says into it, live. Sound beyond a short delay is dropped. */
  speakLive(mulaw: Uint8Array): void;
  /** Hears what the telephone hears, until the returned function is called. */
  listen(listener: (mulaw: Uint8Array) => void): () => void;
  /** A new call: what was said and heard before is forgotten. */
  begin(call: Call): void;
  /** The next 20 ms that it says. */
  say(): Uint8Array;
  hear(frame: Uint8Array): void;
  /** Of its newest call, from the moment that was answered. */
  said(): Uint8Array;
  heard(): Uint8Array;
}

/** A browser's sound comes in bursts of this size at most; what waits longer was delayed on its way. */
const LONGEST_LIVE_DELAY_MS = 400;

export const createHandset = (setup: {
  number: string;
  owner: string | null;
  behaviour: PhoneBehaviour;
}): Handset => {
  const speech = createPlayoutBuffer();
  const live = createPlayoutBuffer();
  const listeners = new Set<(mulaw: Uint8Array) => void>();
  let said: Uint8Array[] = [];
  let heard: Uint8Array[] = [];
  return {
    ...setup,
    call: null,
    newest: null,
    speech,
    speakLive: (mulaw) => {
      if (live.lengthMs > LONGEST_LIVE_DELAY_MS) live.clear();
      live.push(mulaw);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    begin(call) {
      this.call = call;
      this.newest = call;
      said = [];
      heard = [];
      speech.clear();
      live.clear();
    },
    say: () => {
      // Somebody may speak into a telephone while a recording is played to it; then the recording is what counts.
      const spoken = live.take();
      const frame = speech.lengthMs > 0 ? speech.take() : spoken;
      said.push(frame);
      return frame;
    },
    hear: (frame) => {
      heard.push(frame);
      for (const listener of listeners) listener(frame);
    },
    said: () => joined(said),
    heard: () => joined(heard),
  };
};

export const joined = (frames: readonly Uint8Array[]): Uint8Array =>
  frames.length === 0 ? silence(0) : Buffer.concat(frames);
