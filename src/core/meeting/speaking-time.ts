import type { CaptionWord } from '../transcription.ts';

/** As in an utterance, so that the live figures of a meeting match its result. */
const PAUSE_MS = 500;

/** Speaking time by party while a meeting runs, as `measureTalkTime` counts it, but incremental. */
export interface SpeakingTime {
  add(party: number, words: readonly Pick<CaptionWord, 'startMs' | 'endMs'>[]): void;
  all(): readonly { readonly partyIndex: number; readonly speakingMs: number }[];
}

interface PartySpeech {
  /** Further apart than a pause, by start. */
  readonly intervals: { startMs: number; endMs: number }[];
  speakingMs: number;
}

export const createSpeakingTime = (): SpeakingTime => {
  const parties = new Map<number, PartySpeech>();

  const addInterval = (spoken: PartySpeech, startMs: number, endMs: number): void => {
    const { intervals } = spoken;
    // New words are nearly always the latest, so the search from the end is short.
    const first = intervals.findLastIndex((interval) => interval.endMs + PAUSE_MS < startMs) + 1;
    let joined = { startMs, endMs };
    let until = first;
    for (; until < intervals.length && intervals[until]!.startMs <= joined.endMs + PAUSE_MS; until += 1) {
      const { startMs: from, endMs: to } = intervals[until]!;
      spoken.speakingMs -= to - from;
      joined = { startMs: Math.min(from, joined.startMs), endMs: Math.max(to, joined.endMs) };
    }
    intervals.splice(first, until - first, joined);
    spoken.speakingMs += joined.endMs - joined.startMs;
  };

  return {
    add(party, words) {
      const spoken = parties.get(party) ?? { intervals: [], speakingMs: 0 };
      parties.set(party, spoken);
      for (const { startMs, endMs } of words) {
        addInterval(spoken, Math.round(startMs), Math.round(Math.max(startMs, endMs)));
      }
    },
    all: () => [...parties].map(([partyIndex, { speakingMs }]) => ({ partyIndex, speakingMs })),
  };
};
