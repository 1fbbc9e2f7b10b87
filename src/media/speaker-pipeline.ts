import type { AudioSink, Log } from '../core/ports.ts';
import { createSpeakerAudio, type SpeakerAudio } from './audio/speaker-audio.ts';
import type { Speaker } from './signalling/transcription-taps.ts';
import type { TapListener } from './tap.ts';

/** What ends waits for late packets and closes the gate; see `SpeakerAudio.tick`. */
const TICK_EVERY_MS = 40;

/** From a tap on somebody's microphone to their ear at the speech engine. `ear.closed` is called last, and once. */
export const pipeSpeakerAudio = (options: {
  readonly speaker: Pick<Speaker, 'codec'>;
  readonly ear: AudioSink;
  /** The meeting's clock, by which packets arrive. */
  readonly nowMs: () => number;
  readonly log: Log;
}): TapListener => {
  const { speaker, ear, nowMs, log } = options;
  /** What to do once the codec is loaded, which takes a few milliseconds. Null from then on. */
  let waiting: ((audio: SpeakerAudio) => void)[] | null = [];
  let audio: SpeakerAudio | null = null;
  let ticker: NodeJS.Timeout | undefined;

  const withAudio = (work: (loaded: SpeakerAudio) => void): void => {
    if (audio !== null) work(audio);
    else waiting?.push(work);
  };
  const end = (): void => {
    clearInterval(ticker);
    audio?.close();
    ear.close();
  };

  createSpeakerAudio({ codec: speaker.codec, onAudio: ear.write, onPause: ear.pause }).then(
    (loaded) => {
      audio = loaded;
      ticker = setInterval(() => loaded.tick(nowMs()), TICK_EVERY_MS);
      ticker.unref();
      for (const work of waiting ?? []) work(loaded);
      waiting = null;
    },
    (error: unknown) => {
      log.error({ err: error }, 'a speaker cannot be heard: the codec did not load');
      waiting = null;
    },
  );

  return {
    packet(packet) {
      if (audio !== null) return audio.packet(packet, packet.arrivedMs);
      // Its payload is the tap's own, and gone when this returns.
      const kept = { ...packet, payload: packet.payload.slice() };
      waiting?.push((loaded) => loaded.packet(kept, kept.arrivedMs));
    },
    paused: (paused) => withAudio((loaded) => loaded.setMuted(paused)),
    closed() {
      if (audio === null && waiting !== null) waiting.push(end);
      else end();
    },
  };
};
