import type { CaptionWord, MeetingLine } from '../meeting/lines.ts';
import type { TranscribedWord } from '../transcription.ts';
import { normalizeWord } from './align.ts';

/** The number of somebody in the conversation, as in its lines. */
export type PartyNumber = number;

/** A word this far from a line's word may still be that word. */
const NEAR_MS = 500;

/**
 * Whose each word is, of several who were recorded together: theirs in whose live words it lies, best the same word.
 * Where nobody's do, its neighbours tell; null when there are none.
 * Words are given by start, on the lines' clock.
 */
export const attributeChannelWords = (
  words: readonly TranscribedWord[],
  lines: readonly MeetingLine[],
): readonly (PartyNumber | null)[] => {
  const spoken = [...Map.groupBy(lines, ({ party }) => party)].map(([party, its]) => ({
    party,
    near: nearWords(its.flatMap((line) => line.words)),
  }));
  let last: PartyNumber | null = null;
  const told = words.map((word): PartyNumber | null => {
    let best: { party: PartyNumber; fit: number } | null = null;
    for (const { party, near } of spoken) {
      const fit = Math.max(...near(word).map((line) => fitOf(word, line)), 0);
      // Who is speaking goes on if nothing tells two of them apart.
      if (fit > 0 && (best === null || fit > best.fit || (fit === best.fit && party === last))) {
        best = { party, fit };
      }
    }
    last = best?.party ?? last;
    return best?.party ?? null;
  });
  return byNeighbours(words, told);
};

/** More than 0 for a word that may be the line's, 1 at most for one at its time; more for the same word. */
const fitOf = (word: TranscribedWord, line: CaptionWord): number => {
  const apartMs = Math.max(0, line.startMs - word.endMs, word.startMs - line.endMs);
  const shiftMs = Math.abs(word.startMs - line.startMs);
  const inTime = 1 - apartMs / (NEAR_MS + 1);
  return normalizeWord(word.text) === normalizeWord(line.text) && shiftMs <= NEAR_MS
    ? 2 + inTime - shiftMs / NEAR_MS
    : inTime;
};

/** Finds those of somebody's words that a word lies near. Asked for later and later words. */
const nearWords = (its: readonly CaptionWord[]): ((word: TranscribedWord) => readonly CaptionWord[]) => {
  const inOrder = its.toSorted((a, b) => a.startMs - b.startMs);
  const longestMs = inOrder.reduce((longest, { startMs, endMs }) => Math.max(longest, endMs - startMs), 0);
  let first = 0;
  return ({ startMs, endMs }) => {
    while (first < inOrder.length && inOrder[first]!.startMs + longestMs < startMs - NEAR_MS) first += 1;
    const near: CaptionWord[] = [];
    for (let i = first; i < inOrder.length && inOrder[i]!.startMs <= endMs + NEAR_MS; i += 1) {
      if (inOrder[i]!.endMs >= startMs - NEAR_MS) near.push(inOrder[i]!);
    }
    return near;
  };
};

/** The nearer of the neighbours whose is known; the earlier if both are as near. */
const byNeighbours = (
  words: readonly TranscribedWord[],
  told: readonly (PartyNumber | null)[],
): readonly (PartyNumber | null)[] => {
  const later: (number | null)[] = [];
  let next: number | null = null;
  for (let i = words.length - 1; i >= 0; i -= 1) {
    if (told[i] !== null) next = i;
    later[i] = next;
  }
  let earlier: number | null = null;
  return words.map((word, i) => {
    if (told[i] !== null) earlier = i;
    const after = later[i]!;
    if (earlier === null || after === null) return told[earlier ?? after ?? i]!;
    const beforeMs = word.startMs - words[earlier]!.endMs;
    return told[beforeMs <= words[after]!.startMs - word.endMs ? earlier : after]!;
  });
};
