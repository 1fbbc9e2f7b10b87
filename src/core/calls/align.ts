import { normalizeWord } from '../transcript/echo.ts';
import type { TranscribedWord } from '../transcription.ts';

type PlacedWord = Pick<TranscribedWord, 'text' | 'startMs'>;

/** How far the stored start of a recording may be off: network delays of audio and responses. */
const MAX_OFFSET_MS = 2_000;
/** Two runs of an engine over the same audio agree on word times within this. */
const SAME_TIME_MS = 200;
/** Fewer matching words may agree by chance. */
const MIN_MATCHES = 3;
const MIN_SHARE = 0.25;
/** When the start is unknown, words that occur more often than this match everywhere. */
const MAX_OCCURRENCES = 4;

/**
 * The offset of recorded words on the clock of the caption lines, from the words that both contain, and how many these
 * are; null when too few match. At most two seconds either way, unless `anywhere`.
 */
export const agreementOfWords = (
  recorded: readonly PlacedWord[],
  lines: readonly PlacedWord[],
  anywhere: boolean,
): { readonly offsetMs: number; readonly matches: number } | null => {
  const timesOf = Map.groupBy(lines, ({ text }) => normalizeWord(text));
  const offsets: number[] = [];
  let comparable = 0;
  for (const { text, startMs } of recorded) {
    const same = timesOf.get(normalizeWord(text)) ?? [];
    if (anywhere && same.length > MAX_OCCURRENCES) continue;
    const near = same
      .map((word) => word.startMs - startMs)
      .filter((offset) => anywhere || Math.abs(offset) <= MAX_OFFSET_MS);
    offsets.push(...near);
    if (near.length > 0) comparable += 1;
  }
  const agreed = densest(offsets.sort((a, b) => a - b));
  return agreed.length < Math.max(MIN_MATCHES, comparable * MIN_SHARE)
    ? null
    : { offsetMs: agreed[Math.floor(agreed.length / 2)]!, matches: agreed.length };
};

/** The most of the offsets, given in order, that lie within `SAME_TIME_MS`. */
const densest = (offsets: readonly number[]): readonly number[] => {
  let best = { from: 0, to: 0 };
  let from = 0;
  offsets.forEach((offset, i) => {
    while (offset - offsets[from]! > SAME_TIME_MS) from += 1;
    if (i + 1 - from > best.to - best.from) best = { from, to: i + 1 };
  });
  return offsets.slice(best.from, best.to);
};
