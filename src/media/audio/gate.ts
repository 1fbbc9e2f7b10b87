import { FRAME_MS, type VoiceDetector } from './voice-detector.ts';

/** What the gate lets through. */
export interface GateOutput {
  /** 20 ms of mono at the detector's rate, the caller's to keep, and where its first sample lies on the conversation clock. */
  onFrame(frame: Int16Array, atMs: number): void;
  /** The voice has ended; nothing comes until it begins again. */
  onClose(): void;
}

/** Lets voice through with what surrounds it, so that speech is paid for and not presence. */
export interface Gate {
  /**
   * @param atMs where the first sample lies on the conversation clock; gaps and small steps back are expected
   * @param follows whether the sender recorded it right after what came before: then a gap before it is its way
   * having become longer, and not a silence
   */
  push(samples: Int16Array, atMs: number, follows?: boolean): void;
  /** Closes when nothing has come for longer than the gate stays open: a sender that is silent may send nothing. */
  tick(nowMs: number): void;
  /** Closes and forgets: nothing from before is ever let through after. */
  reset(): void;
  /** Samples kept back so far. */
  readonly gatedSamples: number;
}

/**
 * Let through from before the detector noticed a voice. Weak consonants at the beginning of a word precede what it
 * notices by up to 200 ms.
 */
export const PRE_ROLL_MS = 300;
/**
 * Let through after the last voice: longer than the pauses in a sentence, and long enough for the engine to hear
 * that somebody has finished.
 */
export const HANGOVER_MS = 800;

const PRE_ROLL_FRAMES = PRE_ROLL_MS / FRAME_MS;
const HANGOVER_FRAMES = HANGOVER_MS / FRAME_MS;
/**
 * A voice lasts for 80 ms at least. The background noise that a silent sender refreshes comes alone, 40 ms of it
 * between silences (three frames of ours), and looks like the beginning of a voice.
 */
const MIN_VOICE_FRAMES = 4;
/** Trembling of the timeline, not a gap: a whole frame would be missing. */
const GAP_MS = FRAME_MS;
/** How much later than its own time audio may arrive: a lost packet's wait, and a trembling network. */
const ARRIVAL_SLACK_MS = 200;

export const createGate = (detector: VoiceDetector, output: GateOutput): Gate => {
  const samplesPerMs = detector.sampleRateHz / 1_000;
  const frameSamples = FRAME_MS * samplesPerMs;
  const newFrame = (atMs: number): Frame => ({ samples: new Int16Array(frameSamples), atMs });
  let filling: Frame = newFrame(0);
  let filled = 0;
  /** Frames kept for a voice that may begin, oldest first. */
  const preRoll: Frame[] = [];
  /** Frames in a row that sounded like a voice. */
  let voiceRun = 0;
  /** Frames without voice since the last one with; null while closed. */
  let quietFrames: number | null = null;
  /** Where the next sample lies when nothing is missing; null when nothing is known. */
  let nextMs: number | null = null;
  let gatedSamples = 0;

  const close = (): void => {
    if (quietFrames === null) return;
    quietFrames = null;
    output.onClose();
  };

  const keepBack = (frame: Frame): void => {
    preRoll.push(frame);
    if (preRoll.length > PRE_ROLL_FRAMES + MIN_VOICE_FRAMES) preRoll.shift();
  };

  const takeFrame = (frame: Frame): void => {
    const sounds = !isDigitalSilence(frame.samples) && detector.hasVoice(frame.samples);
    voiceRun = sounds ? voiceRun + 1 : 0;
    const hasVoice = voiceRun >= MIN_VOICE_FRAMES;
    if (quietFrames === null) {
      gatedSamples += frameSamples;
      keepBack(frame);
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
    // What nearly all packets hold needs no copy.
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

  /** Ends what was going on: the next sample has nothing to do with it. */
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
        // The engine counts samples, so what a silent sender left out is put back, as silence.
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
 * Whether nothing was recorded at all: put in for a gap, or from a microphone that is switched off. Such frames
 * teach the detector that the room is perfectly still, and it then takes the room's next breath for a voice.
 */
const isDigitalSilence = (samples: Int16Array): boolean =>
  samples.every((sample) => sample >= -DIGITAL_SILENCE && sample <= DIGITAL_SILENCE);
/** What codecs and dither leave of zeros: -90 dB of full scale is one step. */
const DIGITAL_SILENCE = 2;

interface Frame {
  readonly samples: Int16Array;
  readonly atMs: number;
}
