import { concatFrames } from '../audio/mulaw.ts';
import { createPlayoutBuffer, type PlayoutBuffer } from '../audio/playout-buffer.ts';
import type { PhoneBehaviour } from '../control/contract.ts';
import type { HandsetCall } from '../live-call.ts';

/** A phone: its behaviour, its call and its audio. */
export interface Handset {
  readonly number: string;
  owner: string | null;
  behaviour: PhoneBehaviour;
  call: HandsetCall | null;
  /** The call it is in, or was in last. */
  lastCall: HandsetCall | null;
  /** Recordings that it says into the call. */
  readonly speech: PlayoutBuffer;
  /** Live audio of its user. Audio beyond a short delay is dropped. */
  speakLive(mulaw: Uint8Array): void;
  /** Gets what the phone receives, until the returned function is called. */
  onReceived(listener: (mulaw: Uint8Array) => void): () => void;
  /** A new call: the audio of the one before is dropped. */
  begin(call: HandsetCall): void;
  /** The next 20 ms that it sends. */
  nextFrame(): Uint8Array;
  receive(frame: Uint8Array): void;
  /** Of its last call, from the answer on. */
  sentAudio(): Uint8Array;
  receivedAudio(): Uint8Array;
}

/** A browser sends bursts of this size at most; what waits longer was delayed on its way. */
const MAX_LIVE_DELAY_MS = 400;

export const createHandset = (setup: {
  number: string;
  owner: string | null;
  behaviour: PhoneBehaviour;
}): Handset => {
  const speech = createPlayoutBuffer();
  const live = createPlayoutBuffer();
  const listeners = new Set<(mulaw: Uint8Array) => void>();
  let sent: Uint8Array[] = [];
  let received: Uint8Array[] = [];
  return {
    ...setup,
    call: null,
    lastCall: null,
    speech,
    speakLive: (mulaw) => {
      if (live.lengthMs > MAX_LIVE_DELAY_MS) live.clear();
      live.push(mulaw);
    },
    onReceived: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    begin(call) {
      this.call = call;
      this.lastCall = call;
      sent = [];
      received = [];
      speech.clear();
      live.clear();
    },
    nextFrame: () => {
      // A recording takes precedence over the microphone, whose audio is used up meanwhile.
      const spoken = live.take();
      const frame = speech.lengthMs > 0 ? speech.take() : spoken;
      sent.push(frame);
      return frame;
    },
    receive: (frame) => {
      received.push(frame);
      for (const listener of listeners) listener(frame);
    },
    sentAudio: () => concatFrames(sent),
    receivedAudio: () => concatFrames(received),
  };
};
