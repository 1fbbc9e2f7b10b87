import type { Utterance } from '../transcript/types.ts';

export interface Union {
  /** By party: the length of the union of its utterances. */
  readonly speakingMs: readonly number[];
  /** Time in which at least one party speaks. */
  readonly speechMs: number;
  /** Time in which two or more do. */
  readonly overlapMs: number;
}

/** Takes utterances by start. */
export const unionOf = (utterances: readonly Utterance[], partyCount: number): Union => {
  const { starts, ends, speakingMs } = mergeIntervals(utterances, partyCount);
  ends.sort();

  // Between two consecutive starts or ends, the number of parties speaking is constant.
  let speechMs = 0;
  let overlapMs = 0;
  let speaking = 0;
  let atMs = 0;
  let started = 0;
  for (const endMs of ends) {
    while (started < starts.length && starts[started]! <= endMs) {
      pass(starts[started]!);
      speaking += 1;
      started += 1;
    }
    pass(endMs);
    speaking -= 1;
  }
  return { speakingMs, speechMs, overlapMs };

  function pass(nextMs: number): void {
    if (speaking >= 1) speechMs += nextMs - atMs;
    if (speaking >= 2) overlapMs += nextMs - atMs;
    atMs = nextMs;
  }
};

/** Each party's utterances, merged where they touch or overlap: starts in order, with their ends. */
const mergeIntervals = (utterances: readonly Utterance[], partyCount: number) => {
  const starts: number[] = [];
  const ends: number[] = [];
  const speakingMs = Array.from({ length: partyCount }, () => 0);
  const latest = new Map<number, number>();
  for (const { party, startMs, endMs } of utterances) {
    const i = latest.get(party);
    if (i !== undefined && startMs <= ends[i]!) {
      speakingMs[party]! += Math.max(0, endMs - ends[i]!);
      ends[i] = Math.max(ends[i]!, endMs);
    } else {
      latest.set(party, starts.length);
      starts.push(startMs);
      ends.push(endMs);
      speakingMs[party]! += endMs - startMs;
    }
  }
  return { starts, ends: Float64Array.from(ends), speakingMs };
};
