import type { CaptionWord } from '../meeting/lines.ts';
import type { TranscribedWord } from '../transcription.ts';

type PlacedWord = Pick<TranscribedWord, 'text' | 'startMs'>;

/** How far the noted beginning of a recording may be off: by the ways of sound and of the answer, never by seconds. */
const FARTHEST_MS = 2_000;
/** Two engines' runs over the same sound place its words within this. */
const SAME_MS = 200;
/** Words that agree by chance lie anywhere; this many that lie together do not. */
const FEWEST = 3;
const SMALLEST_PART = 0.25;
/** Where the beginning is not known, words said more often than this would agree with everything. */
const RARE = 4;

/**
 * How much later by the lines' clock the recorded words were said, by the words that both have; null when too few agree.
 * Answers at most two seconds either way, unless `anywhere`.
 */
export const offsetByWords = (
  recorded: readonly PlacedWord[],
  lines: readonly PlacedWord[],
  anywhere: boolean,
): number | null => {
  const timesOf = Map.groupBy(lines, ({ text }) => normalizeWord(text));
  const offsets: number[] = [];
  let comparable = 0;
  for (const { text, startMs } of recorded) {
    const same = timesOf.get(normalizeWord(text)) ?? [];
    if (anywhere && same.length > RARE) continue;
    const near = same
      .map((word) => word.startMs - startMs)
      .filter((offset) => anywhere || Math.abs(offset) <= FARTHEST_MS);
    offsets.push(...near);
    if (near.length > 0) comparable += 1;
  }
  const agreed = densest(offsets.sort((a, b) => a - b));
  return agreed.length < Math.max(FEWEST, comparable * SMALLEST_PART)
    ? null
    : agreed[Math.floor(agreed.length / 2)]!;
};

/** The most of the offsets, given in order, that lie within `SAME_MS`. */
const densest = (offsets: readonly number[]): readonly number[] => {
  let best = { from: 0, to: 0 };
  let from = 0;
  offsets.forEach((offset, i) => {
    while (offset - offsets[from]! > SAME_MS) from += 1;
    if (i + 1 - from > best.to - best.from) best = { from, to: i + 1 };
  });
  return offsets.slice(best.from, best.to);
};

/** Punctuation and capitals are each engine run's own guess. */
export const normalizeWord = (text: CaptionWord['text']): string =>
  text.toLowerCase().replace(/[\p{P}\s]/gu, '');
