import { between, joinWords } from '../transcript/join-words.ts';
import { endsSentence, timedWords } from '../transcript/timed-words.ts';
import type { PartyIndex, TimedWord, Transcript } from '../transcript/types.ts';

/** Cues of two parties may overlap, as their speech does. */
export interface Cue {
  readonly party: PartyIndex;
  readonly startMs: number;
  /** Later than the start. */
  readonly endMs: number;
  /** One or two, none empty. */
  readonly lines: readonly string[];
}

/** Common limits for subtitles. */
const MAX_CUE_MS = 7_000;
const LINE_COLUMNS = 42;
const MAX_LINES = 2;
/** For words without length, and very short ones. */
const MIN_CUE_MS = 500;

/** The transcript as cues by start, then end. Cuts between words only and keeps every one. */
export const toCues = (transcript: Transcript): readonly Cue[] =>
  transcript.utterances
    .flatMap((utterance) => {
      const cues = divide(timedWords(utterance));
      return cues.map((words, i) => toCue(utterance.party, words, cues[i + 1]?.[0]));
    })
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.party - b.party);

const divide = (words: readonly TimedWord[]): readonly (readonly TimedWord[])[] => {
  const cues: TimedWord[][] = [];
  let current: TimedWord[] = [];
  for (const word of words) {
    if (current.length > 0 && startsNewCue(current, word)) {
      cues.push(current);
      current = [];
    }
    current.push(word);
  }
  return current.length > 0 ? [...cues, current] : cues;
};

const startsNewCue = (words: readonly TimedWord[], next: TimedWord): boolean => {
  const texts = words.map(({ text }) => text);
  return (
    next.endMs - words[0]!.startMs > MAX_CUE_MS ||
    wrap([...texts, next.text]).length > MAX_LINES ||
    // A sentence that fills a line is better read alone.
    (endsSentence(texts.at(-1)!) && columns(joinWords(texts)) >= LINE_COLUMNS / 2)
  );
};

const toCue = (party: PartyIndex, words: readonly TimedWord[], next: TimedWord | undefined): Cue => {
  const startMs = words[0]!.startMs;
  const lastMs = words.reduce((endMs, word) => Math.max(endMs, word.endMs), startMs);
  // Extended for reading, but not into the same party's next cue, unless nothing would be left.
  const longEnoughMs = Math.min(startMs + MIN_CUE_MS, next?.startMs ?? Number.POSITIVE_INFINITY);
  return {
    party,
    startMs,
    endMs: Math.max(startMs + 1, Math.min(Math.max(lastMs, longEnoughMs), startMs + MAX_CUE_MS)),
    lines: wrap(words.map(({ text }) => text)),
  };
};

const wrap = (words: readonly string[]): readonly string[] => {
  const lines: string[] = [];
  let previous = '';
  for (const word of words) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : line + between(previous, word) + word;
    if (line !== undefined && columns(longer) <= LINE_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(word);
    previous = word;
  }
  return lines;
};

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff5e]/gu;

/** Wide characters fill two columns. */
const columns = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

/** "01:02:03.456", with `.` or `,` before the milliseconds. */
export const cueTime = (ms: number, point: '.' | ','): string => {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}`;
  return `${clock}${point}${String(ms % 1_000).padStart(3, '0')}`;
};
