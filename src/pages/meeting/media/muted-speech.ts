import type { Observable } from '../../shared/observable.ts';

/** A voice at a desk, on the scale of `meterLevel`: some -40 dB. A room and its keyboards stay below. */
const VOICE_LEVEL = 0.4;
/** So much voice is a sentence and no cough. */
const SPOKEN_MS = 1_000;
/** Someone who means to stay muted is not reminded all the time. */
const AGAIN_AFTER_MS = 30_000;
/** A page in the background measures seldom. */
const LONGEST_STEP_MS = 200;

/** Takes levels as they are measured, and answers whether the person is to be told now. */
export const createSpeechDetector = (): ((level: number, atMs: number) => boolean) => {
  let spokenMs = 0;
  let measuredMs: number | null = null;
  let toldMs = Number.NEGATIVE_INFINITY;
  return (level, atMs) => {
    const stepMs = Math.min(atMs - (measuredMs ?? atMs), LONGEST_STEP_MS);
    measuredMs = atMs;
    // Words have gaps, so silence counts less than voice.
    spokenMs = Math.max(0, spokenMs + (level >= VOICE_LEVEL ? stepMs : -stepMs / 2));
    if (spokenMs < SPOKEN_MS || atMs - toldMs < AGAIN_AFTER_MS) return false;
    spokenMs = 0;
    toldMs = atMs;
    return true;
  };
};

interface Track<T> {
  enabled: boolean;
  clone(): T;
  stop(): void;
}

/** Notices that someone speaks whose microphone is muted. What is measured does not leave the page. */
export const watchMutedSpeech = <T extends Track<T>>(options: {
  readonly microphone: Observable<T | null>;
  readonly isMuted: Observable<boolean>;
  /** As `meterLevel`. */
  readonly meter: (track: T, onLevel: (level: number) => void) => () => void;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly speaking: () => void;
}): void => {
  const { microphone, isMuted, meter, nowMs, speaking } = options;
  const detect = createSpeechDetector();
  let stop: (() => void) | null = null;
  const update = (): void => {
    stop?.();
    stop = null;
    const track = microphone.get();
    if (track === null || !isMuted.get()) return;
    // Muted, the track itself is silent.
    const copy = track.clone();
    copy.enabled = true;
    const stopMeter = meter(copy, (level) => {
      if (detect(level, nowMs())) speaking();
    });
    stop = () => {
      stopMeter();
      copy.stop();
    };
  };
  microphone.subscribe(update);
  isMuted.subscribe(update);
  update();
};
