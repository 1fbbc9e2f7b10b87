import type { MeetingLine } from '../meeting/lines.ts';
import { normalizeWord } from '../transcript/echo.ts';
import type { CaptionWord, TranscribedWord } from '../transcription.ts';

/** A party's number in the conversation, as in its lines. */
export type PartyNumber = number;

/** A recorded word this far from a caption word may still be the same word. */
const NEAR_MS = 500;

/**
 * Attributes the words of one channel with several parties: to the party whose caption words overlap, preferably with
 * the same word; else to the party of the nearest attributed word; null when there is none. Takes words by start, on
 * the clock of the lines.
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
  const attributed = words.map((word): PartyNumber | null => {
    let best: { party: PartyNumber; fit: number } | null = null;
    for (const { party, near } of spoken) {
      const fit = Math.max(...near(word).map((line) => fitOf(word, line)), 0);
      // On a tie the current speaker continues.
      if (fit > 0 && (best === null || fit > best.fit || (fit === best.fit && party === last))) {
        best = { party, fit };
      }
    }
    last = best?.party ?? last;
    return best?.party ?? null;
  });
  return byNeighbours(words, attributed);
};

/** Above 0 for a word that may be the caption's, at most 1 for another word at its time, more for the same word. */
const fitOf = (word: TranscribedWord, line: CaptionWord): number => {
  const apartMs = Math.max(0, line.startMs - word.endMs, word.startMs - line.endMs);
  const shiftMs = Math.abs(word.startMs - line.startMs);
  const inTime = 1 - apartMs / (NEAR_MS + 1);
  return normalizeWord(word.text) === normalizeWord(line.text) && shiftMs <= NEAR_MS
    ? 2 + inTime - shiftMs / NEAR_MS
    : inTime;
};

/** Finds a party's words near a given word. To be called with ascending times. */
const nearWords = (own: readonly CaptionWord[]): ((word: TranscribedWord) => readonly CaptionWord[]) => {
  const inOrder = own.toSorted((a, b) => a.startMs - b.startMs);
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

/** Fills gaps from the nearest attributed word; the earlier one on a tie. */
const byNeighbours = (
  words: readonly TranscribedWord[],
  attributed: readonly (PartyNumber | null)[],
): readonly (PartyNumber | null)[] => {
  const later: (number | null)[] = [];
  let next: number | null = null;
  for (let i = words.length - 1; i >= 0; i -= 1) {
    if (attributed[i] !== null) next = i;
    later[i] = next;
  }
  let earlier: number | null = null;
  return words.map((word, i) => {
    if (attributed[i] !== null) earlier = i;
    const after = later[i]!;
    if (earlier === null || after === null) return attributed[earlier ?? after ?? i]!;
    const beforeMs = word.startMs - words[earlier]!.endMs;
    return attributed[beforeMs <= words[after]!.startMs - word.endMs ? earlier : after]!;
  });
};
