import type { Utterance } from '../transcript/types.ts';

/** A speaker who continues for longer was not interrupted. */
const YIELDS_WITHIN_MS = 2_000;

/**
 * Interruptions by party: it starts an utterance strictly while another party is speaking, who then stops within 2 s
 * while the interrupter is still speaking, or at the same moment.
 *
 * Not counted: starting together; starting just as the other ends; a back-channel that is over before the other stops;
 * talking over someone who continues. One start that stops two people counts once. Takes utterances by start.
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
