import { FRAME_MS, type VoiceDetector } from './voice-detector.ts';

/** What passes the gate. */
export interface GateOutput {
  /** 20 ms of mono at the detector's rate, owned by the caller; `atMs` of its first sample is on the conversation clock. */
  onFrame(frame: Int16Array, atMs: number): void;
  /** The voice ended. */
  onClose(): void;
}

/** Passes voice and its surroundings, so that the speech engine is paid for speech only. */
export interface Gate {
  /**
   * @param atMs of the first sample, on the conversation clock; gaps and small steps back are expected
   * @param follows whether the sender recorded it right after the samples before: then a gap is network delay, and no
   * silence
   */
  push(samples: Int16Array, atMs: number, follows?: boolean): void;
  /** Closes after a time without samples: a silent sender may send nothing. */
  tick(nowMs: number): void;
  /** Closes and clears: nothing from before passes later. */
  reset(): void;
  /** Samples held back so far. */
  readonly gatedSamples: number;
}

/**
 * Passed from before the detected onset. Weak consonants at the beginning of a word precede it by up to 200 ms.
 */
export const PRE_ROLL_MS = 300;
/**
 * Passed after the last voice: longer than the pauses in a sentence, and long enough for the engine to detect the end of
 * an utterance.
 */
export const HANGOVER_MS = 800;

const PRE_ROLL_FRAMES = PRE_ROLL_MS / FRAME_MS;
const HANGOVER_FRAMES = HANGOVER_MS / FRAME_MS;
/**
 * A voice lasts 80 ms at least. The comfort noise of a silent sender comes in 40 ms between silences (three frames of
 * ours), and looks like an onset.
 */
const MIN_VOICE_FRAMES = 4;
/** Less is jitter of the timeline: a gap misses a whole frame. */
const GAP_MS = FRAME_MS;
/** How late audio may arrive: the wait for a lost packet, and jitter. */
const ARRIVAL_SLACK_MS = 200;

export const createGate = (detector: VoiceDetector, output: GateOutput): Gate => {
  const samplesPerMs = detector.sampleRateHz / 1_000;
  const frameSamples = FRAME_MS * samplesPerMs;
  const newFrame = (atMs: number): Frame => ({ samples: new Int16Array(frameSamples), atMs });
  let filling: Frame = newFrame(0);
  let filled = 0;
  /** The frames before a possible onset, oldest first. */
  const preRoll: Frame[] = [];
  /** Consecutive frames with voice. */
  let voiceRun = 0;
  /** Frames since the last one with voice; null while closed. */
  let quietFrames: number | null = null;
  /** Of the next sample when nothing is missing; null after a break. */
  let nextMs: number | null = null;
  let gatedSamples = 0;

  const close = (): void => {
    if (quietFrames === null) return;
    quietFrames = null;
    output.onClose();
  };

  const holdBack = (frame: Frame): void => {
    preRoll.push(frame);
    if (preRoll.length > PRE_ROLL_FRAMES + MIN_VOICE_FRAMES) preRoll.shift();
  };

  const takeFrame = (frame: Frame): void => {
    const detected = !isDigitalSilence(frame.samples) && detector.hasVoice(frame.samples);
    voiceRun = detected ? voiceRun + 1 : 0;
    const hasVoice = voiceRun >= MIN_VOICE_FRAMES;
    if (quietFrames === null) {
      gatedSamples += frameSamples;
      holdBack(frame);
      if (!hasVoice) return;
      quietFrames = 0;
      gatedSamples -= preRoll.length * frameSamples;
      for (const { samples, atMs } of preRoll.splice(0)) output.onFrame(samples, atMs);
      return;
    }
    quietFrames = hasVoice ? 0 : quietFrames + 1;
    output.onFrame(frame.samples, frame.atMs);
    if (quietFrames >= HANGOVER_FRAMES) close();
  };

  const append = (samples: Int16Array, atMs: number): void => {
    nextMs = atMs + samples.length / samplesPerMs;
    // Most packets hold exactly one frame: no copy.
    if (filled === 0 && samples.length === frameSamples) {
      takeFrame({ samples, atMs });
      return;
    }
    for (let at = 0; at < samples.length; ) {
      if (filled === 0) filling = newFrame(atMs + at / samplesPerMs);
      const part = samples.subarray(at, at + frameSamples - filled);
      filling.samples.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === frameSamples) {
        filled = 0;
        takeFrame(filling);
      }
    }
  };

  /** Ends the current stretch of audio: the next sample is unrelated. */
  const breakOff = (): void => {
    if (filled > 0) {
      filling.samples.fill(0, filled);
      filled = 0;
      takeFrame(filling);
    }
    close();
    preRoll.length = 0;
    nextMs = null;
  };

  return {
    push(samples, atMs, follows = false) {
      const gapMs = nextMs === null ? 0 : atMs - nextMs;
      if (gapMs >= HANGOVER_MS) {
        breakOff();
      } else if (gapMs >= GAP_MS && !follows) {
        // The engine counts samples, so what a silent sender left out is filled with silence.
        append(new Int16Array(Math.round(gapMs * samplesPerMs)), nextMs!);
      }
      append(samples, atMs);
    },
    tick(nowMs) {
      if (nextMs !== null && nowMs - nextMs >= HANGOVER_MS + ARRIVAL_SLACK_MS) breakOff();
    },
    reset: breakOff,
    get gatedSamples() {
      return gatedSamples;
    },
  };
};

/**
 * Fill for a gap, or a microphone that is switched off. Such frames teach the detector a noise floor of zero, and it then
 * takes the next breath for a voice.
 */
const isDigitalSilence = (samples: Int16Array): boolean =>
  samples.every((sample) => sample >= -DIGITAL_SILENCE && sample <= DIGITAL_SILENCE);
/** Codecs and dither turn zeros into a few steps; one step is -90 dB of full scale. */
const DIGITAL_SILENCE = 2;

interface Frame {
  readonly samples: Int16Array;
  readonly atMs: number;
}
