import type { PartyIndex, Utterance } from '../transcript/types.ts';

export interface Turn {
  readonly party: PartyIndex;
  /** What is spoken in it, without the party's own pauses. */
  readonly speakingMs: number;
}

/**
 * A turn is a run of one party's utterances without another party's start in between. Takes utterances by start, then
 * end, then party; of two that start together the shorter one is first. A "mm-hm" between two utterances of a party
 * splits its turn; within one utterance it is a turn of its own and leaves the other whole.
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
 * Response times by party: the silences (0 or more) between another party's end and its turn. A turn that starts during
 * speech, or after the party's own last word, is no response. Takes utterances as `toTurns` does.
 */
export const responsesOf = (
  utterances: readonly Utterance[],
  partyCount: number,
): readonly (readonly number[])[] => {
  const responses = Array.from({ length: partyCount }, (): number[] => []);
  let previous: PartyIndex | null = null;
  /** The latest end so far, and whether two parties share it. */
  let last = { party: -1, endMs: -1, shared: false };
  for (const { party, startMs, endMs } of utterances) {
    const takesTurn = previous !== null && previous !== party;
    const otherWasLast = last.party !== party || last.shared;
    if (takesTurn && otherWasLast && last.endMs <= startMs) {
      responses[party]!.push(startMs - last.endMs);
    }
    if (endMs > last.endMs) last = { party, endMs, shared: false };
    else if (endMs === last.endMs && party !== last.party) last = { ...last, shared: true };
    previous = party;
  }
  return responses;
};
