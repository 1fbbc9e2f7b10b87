import { toSingleLine } from '../single-line.ts';
import type { TranscribedWord, Transcription } from '../transcription.ts';

/** A word that can be trusted: whole milliseconds, 0 <= start <= end <= duration, text without blanks around. */
export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: number;
  readonly speaker: number | null;
}

/** 1,000 hours. A time past it is a fault of the engine and not a place in a recording. */
const LATEST_MS = 3_600_000_000;

/**
 * The words by time, with impossible times put right, and the duration that holds them all. A word without any
 * usable time goes where the one before it (in the engine's order) ends; one that ends before it starts becomes
 * a moment at its start; one that starts in time and runs past the end is cut there; and one that only starts
 * after the end shows that the recording is longer than was said. No word is lost, save those without a letter.
 */
export const repairWords = (heard: Transcription): { durationMs: number; words: readonly Word[] } => {
  const words: Word[] = [];
  let previousEndMs = 0;
  for (const word of heard.words) {
    const text = toSingleLine(word.text);
    if (text === '') continue;
    const startMs = usable(word.startMs) ?? usable(word.endMs) ?? previousEndMs;
    const endMs = Math.max(startMs, usable(word.endMs) ?? startMs);
    words.push({ text, startMs, endMs, channel: word.channel, speaker: speakerOf(word) });
    previousEndMs = endMs;
  }

  const statedMs = usable(heard.durationMs) ?? 0;
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
