import { readWavBeginning, type WavBeginning } from './wav.ts';

/**
 * Whether each channel of a recording carries a party of its own, as in a recorded telephone call. Then the
 * engine hears the channels one by one, and nobody has to guess who spoke; otherwise it tells the voices apart.
 * Only uncompressed sound (WAV) with two channels is looked into; all else counts as mixed.
 */
export const channelsAreParties = (beginning: Uint8Array): boolean => {
  const wav = readWavBeginning(beginning);
  return wav?.channels === 2 && judge(measure(wav), wav.sampleRateHz);
};

interface StereoFigures {
  /** Correlation of the two waveforms, -1 to 1: near ±1 they are one signal. */
  readonly waveform: number;
  /** Correlation of the two loudness curves where somebody speaks: high when both hear the same people. */
  readonly loudness: number;
  /** How long somebody spoke. */
  readonly activeMs: number;
  /** The quieter channel's level over the louder one's. */
  readonly balance: number;
}

/**
 * Above this the waveforms are one mixed conversation written twice, give or take coding noise and panning.
 * Two people in two telephones stay below 0.1; a pair of microphones at one table lies anywhere between.
 */
const SAME_WAVEFORM = 0.9;
/**
 * People who take turns make the loudness of their channels anti-correlated, people who talk over each other
 * make it independent; in one room both microphones rise and fall together, measured 0.8 and more.
 */
const SAME_LOUDNESS = 0.5;
/** Less speech than this decides nothing. */
const MIN_ACTIVE_MS = 1_000;
/** A channel 30 dB below the other has not spoken yet, or never will: what it carries is noise or echo. */
const SILENT_BALANCE = 0.03;
/** Telephones sample at 8 or 16 kHz and write a party a channel; stereo of music or film has 32 kHz and more. */
const TELEPHONE_RATE_HZ = 16_000;

const judge = (figures: StereoFigures, sampleRateHz: number): boolean => {
  if (figures.activeMs < MIN_ACTIVE_MS || figures.balance < SILENT_BALANCE) {
    return sampleRateHz <= TELEPHONE_RATE_HZ && Math.abs(figures.waveform) < SAME_WAVEFORM;
  }
  return Math.abs(figures.waveform) < SAME_WAVEFORM && figures.loudness < SAME_LOUDNESS;
};

/** Loudness is taken over 20 ms, about the length of one speech sound. */
const WINDOW_MS = 20;
/** Root mean square below which a window holds nobody: -50 dB of full scale. */
const ACTIVE_LEVEL = 0.003;

const measure = (wav: WavBeginning): StereoFigures => {
  const windowFrames = Math.max(1, Math.round((wav.sampleRateHz * WINDOW_MS) / 1000));
  const waveform = createCorrelation();
  const loudness = createCorrelation();
  let leftEnergy = 0;
  let rightEnergy = 0;
  let activeWindows = 0;
  for (let start = 0; start + windowFrames <= wav.frames; start += windowFrames) {
    let left = 0;
    let right = 0;
    for (let frame = start; frame < start + windowFrames; frame += 1) {
      const l = wav.sample(frame, 0);
      const r = wav.sample(frame, 1);
      waveform.add(l, r);
      left += l * l;
      right += r * r;
    }
    leftEnergy += left;
    rightEnergy += right;
    const leftLevel = Math.sqrt(left / windowFrames);
    const rightLevel = Math.sqrt(right / windowFrames);
    // Pauses are shared by everybody; counting them would make any two channels look alike.
    if (Math.max(leftLevel, rightLevel) < ACTIVE_LEVEL) continue;
    activeWindows += 1;
    loudness.add(leftLevel, rightLevel);
  }
  const louder = Math.max(leftEnergy, rightEnergy);
  return {
    waveform: waveform.value(),
    loudness: loudness.value(),
    activeMs: activeWindows * WINDOW_MS,
    balance: louder === 0 ? 1 : Math.sqrt(Math.min(leftEnergy, rightEnergy) / louder),
  };
};

/** Pearson's correlation, gathered pair by pair. 0 when one side never changes. */
const createCorrelation = (): { add(x: number, y: number): void; value(): number } => {
  let n = 0;
  let x1 = 0;
  let y1 = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  return {
    add(x, y) {
      n += 1;
      x1 += x;
      y1 += y;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    },
    value() {
      const spread = Math.sqrt((n * xx - x1 * x1) * (n * yy - y1 * y1));
      return spread > 0 ? (n * xy - x1 * y1) / spread : 0;
    },
  };
};
