import type { Transcription } from '../core/transcription.ts';
import type { ContainerFacts } from './container/types.ts';

/** Differences of encoders and rounding. */
const NEGLIGIBLE_MS = 50;
/** A length that only a damaged file has. */
const LONGEST_MS = 24 * 3_600_000;
/** By how much containers and decoders differ in the length of the same sound. */
const SAME_LENGTH_MS = 1_000;

/**
 * Words and length on the clock of the recording as players show it. An engine hears the sound alone, from its first
 * sample: where that comes later than the picture, all times are early, unless the engine's own length shows that it
 * counted the wait.
 */
export const onTheClockOf = (facts: ContainerFacts | null, heard: Transcription): Transcription => {
  if (facts === null) return heard;
  const shownMs = facts.durationMs !== null && facts.durationMs <= LONGEST_MS ? facts.durationMs : null;
  const isCounted = shownMs !== null && heard.durationMs > shownMs - facts.offsetMs / 2;
  const offsetMs = isCounted || facts.offsetMs < NEGLIGIBLE_MS ? 0 : facts.offsetMs;
  const endMs = heard.durationMs + offsetMs;
  return {
    ...heard,
    durationMs: shownMs !== null && shownMs > endMs + SAME_LENGTH_MS ? shownMs : endMs,
    words:
      offsetMs === 0
        ? heard.words
        : heard.words.map((word) => ({
            ...word,
            startMs: word.startMs + offsetMs,
            endMs: word.endMs + offsetMs,
          })),
  };
};
