import { toSingleLine } from '../single-line.ts';
import type { TranscribedWord, Transcription } from '../transcription.ts';
import type { JoinableWord } from './join-words.ts';

/** A valid word: whole milliseconds, 0 <= start <= end <= duration, trimmed text. */
export interface Word extends JoinableWord {
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: number;
  readonly speaker: number | null;
}

/** 1,000 hours. Later times are faults of the engine. */
const LATEST_MS = 3_600_000_000;

/**
 * The words by time, with impossible times corrected, and the duration that holds them. A word without a usable time
 * starts where the one before it (in the engine's order) ends; one that ends before it starts gets no length; one that
 * runs past the end is cut there; one that starts after the end extends the duration. Only empty words are dropped.
 */
export const repairWords = (transcription: Transcription): { durationMs: number; words: readonly Word[] } => {
  const words: Word[] = [];
  let previousEndMs = 0;
  for (const word of transcription.words) {
    const text = toSingleLine(word.text);
    if (text === '') continue;
    const startMs = usable(word.startMs) ?? usable(word.endMs) ?? previousEndMs;
    const endMs = Math.max(startMs, usable(word.endMs) ?? startMs);
    words.push({
      text,
      startMs,
      endMs,
      channel: word.channel,
      speaker: speakerOf(word),
      ...(word.blankBefore === undefined ? {} : { blankBefore: word.blankBefore }),
    });
    previousEndMs = endMs;
  }

  const statedMs = usable(transcription.durationMs) ?? 0;
  let durationMs = statedMs;
  for (const word of words) if (word.startMs >= statedMs) durationMs = Math.max(durationMs, word.endMs);

  return {
    durationMs,
    words: words
      .map((word) => (word.endMs > durationMs ? { ...word, endMs: durationMs } : word))
      .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.channel - b.channel),
  };
};

const usable = (ms: number): number | null =>
  Number.isFinite(ms) && ms <= LATEST_MS ? Math.max(0, Math.round(ms)) : null;

const speakerOf = ({ speaker }: TranscribedWord): number | null =>
  speaker !== null && Number.isInteger(speaker) && speaker >= 0 ? speaker : null;
