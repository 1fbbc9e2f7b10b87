import { readWavBeginning, type WavBeginning } from './wav.ts';

/**
 * Whether each channel of a recording carries a party of its own, as in a recorded phone call. Then the engine
 * transcribes the channels one by one, and need not separate speakers. Only WAV files with two channels are inspected;
 * anything else counts as mixed.
 */
export const channelsAreParties = (beginning: Uint8Array): boolean => {
  const wav = readWavBeginning(beginning);
  if (wav?.channels !== 2) return false;
  const { activeMs, balance, leak } = measure(wav);
  if (activeMs < MIN_ACTIVE_MS || balance < SILENT_BALANCE) return wav.sampleRateHz <= PHONE_RATE_HZ;
  return leak < MAX_LEAK;
};

/** Whether the recording is known to have one channel. Only WAV is inspected. */
export const isMono = (beginning: Uint8Array): boolean => readWavBeginning(beginning)?.channels === 1;

/** Identical channels measure -1 when one is inverted; two microphones of one room are between -0.5 and 1. */
const INVERTED_CORRELATION = -0.8;

/**
 * Whether one of two channels is the other one upside down, as behind a cable wired the wrong way: mixed, they cancel out.
 * Only WAV is inspected.
 */
export const isPhaseInverted = (beginning: Uint8Array): boolean => {
  const wav = readWavBeginning(beginning);
  if (wav?.channels !== 2) return false;
  let [both, left, right] = [0, 0, 0];
  for (let frame = 0; frame < wav.frames; frame += 1) {
    const [a, b] = [wav.sample(frame, 0), wav.sample(frame, 1)];
    both += a * b;
    left += a * a;
    right += b * b;
  }
  return left * right > 0 && both / Math.sqrt(left * right) < INVERTED_CORRELATION;
};

/**
 * How much of one party may leak into the other's channel, as a ratio of levels (-16 dB). A composed phone call measures
 * 0.003, two people who talk over each other without a pause 0.10; a voice that leaks into the other microphone at
 * -10 dB measures 0.3, one mix written twice 1. Higher, and words would be transcribed twice, once in each channel;
 * lower, and a call with an echo would have its speakers guessed.
 */
const MAX_LEAK = 0.15;
/** Less speech than this is not enough to decide. */
const MIN_ACTIVE_MS = 1_000;
/** A channel 30 dB below the other has no speech (yet), but noise or echo. */
const SILENT_BALANCE = 0.03;
/** Phone calls are recorded at 8 or 16 kHz with a party per channel; stereo of music or film has 32 kHz and more. */
const PHONE_RATE_HZ = 16_000;

interface StereoFigures {
  /** How long anyone spoke. */
  readonly activeMs: number;
  /** The quieter channel's level over the louder one's, on the whole. */
  readonly balance: number;
  /**
   * The same where people speak, in the tenth of the windows where it is lowest. One channel of a call is nearly
   * silent now and then while the other speaks, even when both talk all the time; one room's microphones never are.
   */
  readonly leak: number;
}

/** Levels are taken over 20 ms, about the length of one speech sound. */
const WINDOW_MS = 20;
/** Root mean square below which no one speaks in a window: -50 dB of full scale. */
const ACTIVE_LEVEL = 0.003;
/** Half a second: fewer windows in which one channel is louder are chance. */
const MIN_WINDOWS = 25;

const measure = (wav: WavBeginning): StereoFigures => {
  const windowFrames = Math.max(1, Math.round((wav.sampleRateHz * WINDOW_MS) / 1000));
  const energy = [0, 0];
  // Of the windows in which this channel is louder: the other's level over its own.
  const ratiosUnder: [number[], number[]] = [[], []];
  for (let start = 0; start + windowFrames <= wav.frames; start += windowFrames) {
    const left = energyOf(wav, start, windowFrames, 0);
    const right = energyOf(wav, start, windowFrames, 1);
    energy[0]! += left;
    energy[1]! += right;
    const louder = Math.max(left, right);
    if (Math.sqrt(louder / windowFrames) < ACTIVE_LEVEL) continue;
    ratiosUnder[left >= right ? 0 : 1].push(levelRatio(left, right));
  }
  return {
    activeMs: (ratiosUnder[0].length + ratiosUnder[1].length) * WINDOW_MS,
    balance: levelRatio(energy[0]!, energy[1]!),
    leak: Math.max(...ratiosUnder.map(lowestTenth)),
  };
};

const energyOf = (wav: WavBeginning, start: number, frames: number, channel: number): number => {
  let energy = 0;
  for (let frame = start; frame < start + frames; frame += 1) energy += wav.sample(frame, channel) ** 2;
  return energy;
};

/** The lower level over the higher one; 1 when both are silent. */
const levelRatio = (a: number, b: number): number => {
  const louder = Math.max(a, b);
  return louder === 0 ? 1 : Math.sqrt(Math.min(a, b) / louder);
};

const lowestTenth = (ratios: readonly number[]): number => {
  if (ratios.length < MIN_WINDOWS) return 0;
  return [...ratios].sort((a, b) => a - b)[Math.floor(ratios.length / 10)]!;
};
