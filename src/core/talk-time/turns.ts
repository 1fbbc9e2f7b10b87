import type { PartyIndex, Utterance } from '../transcript/types.ts';

export interface Turn {
  readonly party: PartyIndex;
  /** What is spoken in it, without the party's own pauses. */
  readonly speakingMs: number;
}

/**
 * The turns of a conversation: runs of one party's utterances without somebody else's start in between. Takes
 * utterances by start, then end, then party; when two parties start at once, the one who is done sooner counts
 * as first. Somebody's "mhm" between two of my utterances therefore makes them two turns, and within one of my
 * utterances it is a turn of theirs and leaves mine whole.
 */
export const toTurns = (utterances: readonly Utterance[]): readonly Turn[] => {
  const turns: { party: PartyIndex; speakingMs: number }[] = [];
  for (const { party, startMs, endMs } of utterances) {
    const current = turns.at(-1);
    if (current?.party === party) current.speakingMs += endMs - startMs;
    else turns.push({ party, speakingMs: endMs - startMs });
  }
  return turns;
};

/**
 * For each party, the silences (0 and up) that it ended by taking a turn after somebody else. A turn that starts
 * while anybody is speaking follows nobody, and so does one that goes on after the party's own last word: neither
 * is a response. Takes utterances as `toTurns` does.
 */
export const responsesOf = (
  utterances: readonly Utterance[],
  partyCount: number,
): readonly (readonly number[])[] => {
  const responses = Array.from({ length: partyCount }, (): number[] => []);
  let previous: PartyIndex | null = null;
  /** Whose words ended last, so far, and whether somebody else's ended at the same moment. */
  let last = { party: -1, endMs: -1, shared: false };
  for (const { party, startMs, endMs } of utterances) {
    const takesTurn = previous !== null && previous !== party;
    const somebodyElseWasLast = last.party !== party || last.shared;
    if (takesTurn && somebodyElseWasLast && last.endMs <= startMs) {
      responses[party]!.push(startMs - last.endMs);
    }
    if (endMs > last.endMs) last = { party, endMs, shared: false };
    else if (endMs === last.endMs && party !== last.party) last = { ...last, shared: true };
    previous = party;
  }
  return responses;
};
