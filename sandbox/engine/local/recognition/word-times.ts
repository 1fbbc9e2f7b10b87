import { sampleRateHz } from '../../../common/audio.ts';
import type { SpeechSegment } from '../voice-activity/segmenter.ts';
import { voicedLikelihood } from '../voice-activity/segmenter.ts';
import { frameSamples } from '../voice-activity/silero.ts';
import type { RecognizedWord } from './moonshine.ts';
import { maskOffensive } from './offensive.ts';

/** A word with its times in the recording or stream. */
export interface TimedWord {
  /** As the model wrote it: capitals, punctuation. */
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/** The weight of a silent frame within a segment; a voiced one has 1. */
const silentWeight = 0.05;

/**
 * Estimates word times. The model gives none, so words are distributed by their letters over the voiced part of the
 * segment: accurate to about 0.2 s. Times never overlap and never leave the segment.
 */
export const timeWords = (
  words: readonly RecognizedWord[],
  segment: Pick<SpeechSegment, 'startSample' | 'voicing'>,
): TimedWord[] => {
  const weights = weightFrames(segment.voicing);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const letters = words.map((word) => word.text.replace(/[^\p{L}\p{N}]/gu, '').length + 1);
  const allLetters = letters.reduce((sum, count) => sum + count, 0);
  const frameSeconds = frameSamples / sampleRateHz;
  const startSeconds = segment.startSample / sampleRateHz;

  let frame = Math.max(
    weights.findIndex((weight) => weight > 0),
    0,
  );
  let passed = 0;
  /** When this share of the voiced time has passed. */
  const timeAt = (share: number): number => {
    const target = share * total;
    while (frame < weights.length - 1 && passed + (weights[frame] as number) < target) {
      passed += weights[frame] as number;
      frame++;
    }
    const weight = weights[frame] as number;
    const within = weight > 0 ? Math.min((target - passed) / weight, 1) : 0;
    return startSeconds + (frame + within) * frameSeconds;
  };

  let said = 0;
  let at = timeAt(0);
  return words.map((word, i) => {
    said += letters[i] as number;
    const end = timeAt(said / allLetters);
    const timed = {
      text: maskOffensive(modernSpelling(word.text)),
      startSeconds: at,
      endSeconds: end,
      confidence: word.confidence,
    };
    at = end;
    return timed;
  });
};

/** Each frame's share of the words: none in the padding around speech, little in pauses. */
const weightFrames = (voicing: Float32Array): number[] => {
  const voiced = Array.from(voicing, (likelihood) => likelihood >= voicedLikelihood);
  const first = voiced.indexOf(true);
  const last = voiced.lastIndexOf(true);
  if (first < 0) return voiced.map(() => 1);
  return voiced.map((isVoiced, i) => (isVoiced ? 1 : i < first || i > last ? 0 : silentWeight));
};

/** The model learned old spellings. */
const modernSpelling = (word: string): string =>
  word.replace(/^(to)-(day|night|morrow)/i, '$1$2').replace(/^(good)-(bye)/i, '$1$2');
