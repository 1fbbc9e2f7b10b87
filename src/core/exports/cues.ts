import { joinWords, separatorBefore } from '../transcript/join-words.ts';
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
export const LINE_COLUMNS = 42;
const MAX_LINES = 2;
/** For words without length, and very short ones. */
const MIN_CUE_MS = 500;

/** Text before the first word of each cue, such as its speaker's name; "" for none. */
type Lead = (party: PartyIndex) => string;

/** The transcript as cues by start, then end. Cuts between words only and keeps every one. */
export const toCues = (transcript: Transcript, lead: Lead = () => ''): readonly Cue[] =>
  transcript.utterances
    .flatMap(({ party, ...utterance }) => {
      const before = lead(party);
      const cues = divide(timedWords({ party, ...utterance }), before);
      return cues.map((words, i) => toCue(party, words, cues[i + 1]?.[0], before));
    })
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.party - b.party);

const divide = (words: readonly TimedWord[], lead: string): readonly (readonly TimedWord[])[] => {
  const cues: TimedWord[][] = [];
  let current: TimedWord[] = [];
  for (const word of words) {
    if (current.length > 0 && startsNewCue(current, word, lead)) {
      cues.push(current);
      current = [];
    }
    current.push(word);
  }
  return current.length > 0 ? [...cues, current] : cues;
};

const startsNewCue = (words: readonly TimedWord[], next: TimedWord, lead: string): boolean =>
  next.endMs - words[0]!.startMs > MAX_CUE_MS ||
  wrap([...words, next], lead).length > MAX_LINES ||
  // A sentence that fills a line is better read alone.
  (endsSentence(words.at(-1)!.text) && columnsOf(joinWords(words)) >= LINE_COLUMNS / 2);

const toCue = (
  party: PartyIndex,
  words: readonly TimedWord[],
  next: TimedWord | undefined,
  lead: string,
): Cue => {
  const startMs = words[0]!.startMs;
  const lastMs = words.reduce((endMs, word) => Math.max(endMs, word.endMs), startMs);
  // Extended for reading, but not into the same party's next cue, unless nothing would be left.
  const longEnoughMs = Math.min(startMs + MIN_CUE_MS, next?.startMs ?? Number.POSITIVE_INFINITY);
  return {
    party,
    startMs,
    endMs: Math.max(startMs + 1, Math.min(Math.max(lastMs, longEnoughMs), startMs + MAX_CUE_MS)),
    lines: wrap(words, lead),
  };
};

const wrap = (words: readonly TimedWord[], lead: string): readonly string[] => {
  const lines: string[] = lead === '' ? [] : [lead];
  words.forEach((word, i) => {
    const line = lines.at(-1);
    const separator = i === 0 ? ' ' : separatorBefore(word, words[i - 1]!.text);
    const longer = line === undefined ? word.text : line + separator + word.text;
    if (line !== undefined && columnsOf(longer) <= LINE_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(word.text);
  });
  return lines;
};

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff5e]/gu;

/** Wide characters fill two columns. */
export const columnsOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

/** "01:02:03.456", with `.` or `,` before the milliseconds. */
export const cueTime = (ms: number, point: '.' | ','): string => {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}`;
  return `${clock}${point}${String(ms % 1_000).padStart(3, '0')}`;
};
