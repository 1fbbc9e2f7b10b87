import type { CaptionWord } from './lines.ts';

/** The same pause as in an utterance, so that the bars of a meeting and its result tell the same. */
const PAUSE_MS = 500;

/** Speaking time by party while a meeting runs, as `measureTalkTime` counts it, without counting all anew each time. */
export interface SpeakingTime {
  add(party: number, words: readonly Pick<CaptionWord, 'startMs' | 'endMs'>[]): void;
  all(): readonly { readonly partyIndex: number; readonly speakingMs: number }[];
}

interface Spoken {
  /** Apart by more than a pause, by start. */
  readonly stretches: { startMs: number; endMs: number }[];
  speakingMs: number;
}

export const createSpeakingTime = (): SpeakingTime => {
  const parties = new Map<number, Spoken>();

  const addStretch = (spoken: Spoken, startMs: number, endMs: number): void => {
    const { stretches } = spoken;
    // Words nearly always come last, so the search from the end is short.
    const first = stretches.findLastIndex((stretch) => stretch.endMs + PAUSE_MS < startMs) + 1;
    let joined = { startMs, endMs };
    let until = first;
    for (; until < stretches.length && stretches[until]!.startMs <= joined.endMs + PAUSE_MS; until += 1) {
      const { startMs: from, endMs: to } = stretches[until]!;
      spoken.speakingMs -= to - from;
      joined = { startMs: Math.min(from, joined.startMs), endMs: Math.max(to, joined.endMs) };
    }
    stretches.splice(first, until - first, joined);
    spoken.speakingMs += joined.endMs - joined.startMs;
  };

  return {
    add(party, words) {
      const spoken = parties.get(party) ?? { stretches: [], speakingMs: 0 };
      parties.set(party, spoken);
      for (const { startMs, endMs } of words) {
        addStretch(spoken, Math.round(startMs), Math.round(Math.max(startMs, endMs)));
      }
    },
    all: () => [...parties].map(([partyIndex, { speakingMs }]) => ({ partyIndex, speakingMs })),
  };
};
