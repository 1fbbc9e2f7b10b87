import type { AudioSink, Clock, Log } from '../core/ports.ts';
import { createSpeakerAudio, type SpeakerAudio } from './audio/speaker-audio.ts';
import type { TapFormat, TapListener } from './tap.ts';

/** Ends waits for late packets and closes the gate; see `SpeakerAudio.tick`. */
const TICK_EVERY_MS = 40;

/** From a tap on a microphone to the speech engine. `sink.close` is called last, and once. */
export const pipeSpeakerAudio = (options: {
  readonly codec: TapFormat['codec'];
  readonly sink: AudioSink;
  /** The meeting's clock, on which packets arrive. */
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly log: Log;
}): TapListener => {
  const { codec, sink, nowMs, clock, log } = options;
  /** What to do once the codec is loaded, which takes a few milliseconds. Null from then on. */
  let waiting: ((audio: SpeakerAudio) => void)[] | null = [];
  let audio: SpeakerAudio | null = null;
  let stopTicking = (): void => {};

  const withAudio = (work: (loaded: SpeakerAudio) => void): void => {
    if (audio !== null) work(audio);
    else waiting?.push(work);
  };
  const end = (): void => {
    stopTicking();
    audio?.close();
    sink.close();
  };

  createSpeakerAudio({ codec, onAudio: sink.write, onPause: sink.pause }).then(
    (loaded) => {
      audio = loaded;
      stopTicking = clock.every(TICK_EVERY_MS, () => loaded.tick(nowMs()));
      for (const work of waiting ?? []) work(loaded);
      waiting = null;
    },
    (error: unknown) => {
      log.error({ err: error }, 'a speaker is not transcribed: the codec did not load');
      waiting = null;
    },
  );

  return {
    packet(packet) {
      if (audio !== null) return audio.packet(packet, packet.arrivedMs);
      // The payload's buffer is reused after this call.
      const copy = { ...packet, payload: packet.payload.slice() };
      waiting?.push((loaded) => loaded.packet(copy, copy.arrivedMs));
    },
    paused: (paused) => withAudio((loaded) => loaded.setMuted(paused)),
    closed() {
      if (audio === null && waiting !== null) waiting.push(end);
      else end();
    },
  };
};
