import type { Utterance } from '../transcript/types.ts';

/** Who goes on longer than this was not stopped by the other's start. */
const YIELDS_WITHIN_MS = 2_000;

/**
 * How often each party interrupts: it starts an utterance strictly while another is speaking, and that other
 * stops at most 2 s later, while the party is still speaking (or at the same moment).
 *
 * So these are none: starting together; starting just as the other ends; a back-channel that is over before the
 * other stops; talking over somebody who goes on. One start that stops two people is one interruption. Takes
 * utterances by start.
 */
export const countInterruptions = (
  utterances: readonly Utterance[],
  partyCount: number,
): readonly number[] => {
  const counts = Array.from({ length: partyCount }, () => 0);
  let speaking: Utterance[] = [];
  for (const utterance of utterances) {
    speaking = speaking.filter((other) => other.endMs > utterance.startMs);
    if (speaking.some((other) => isStopped(other, utterance))) counts[utterance.party]! += 1;
    speaking.push(utterance);
  }
  return counts;
};

const isStopped = (other: Utterance, by: Utterance): boolean =>
  other.party !== by.party &&
  other.startMs < by.startMs &&
  other.endMs <= by.startMs + YIELDS_WITHIN_MS &&
  other.endMs <= by.endMs;
