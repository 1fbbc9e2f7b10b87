import type { PartyIndex } from '../transcript/types.ts';

/** As `measureTalkTime` defines it. All lengths in whole milliseconds. */
export interface TalkTime {
  readonly durationMs: number;
  /** Time in which at least one party speaks. `speechMs + silenceMs === durationMs`. */
  readonly speechMs: number;
  /** Time in which two or more speak. */
  readonly overlapMs: number;
  readonly silenceMs: number;
  /** One entry a party, in the order of the transcript's parties. */
  readonly parties: readonly PartyTalkTime[];
}

export interface PartyTalkTime {
  readonly party: PartyIndex;
  /** Length of the union of the party's utterances. */
  readonly speakingMs: number;
  /** Part of the sum of all parties' speaking times, 0 to 1; all zero when no one speaks. */
  readonly share: number;
  /** Runs of consecutive utterances without another party's start in between. */
  readonly turns: number;
  /** Speaking time only, without the party's own pauses. */
  readonly longestTurnMs: number;
  /** As the engine counts them: in Chinese and Japanese each character is a word. */
  readonly words: number;
  /** Whole words per minute of speaking time; null below 1 s of speech, and where `charactersPerMinute` is given. */
  readonly wordsPerMinute: number | null;
  /** The pace of speech whose script has no words, in letters and digits; null for all other speech. */
  readonly charactersPerMinute: number | null;
  /** Sentences that end in a question mark, of any script. */
  readonly questions: number;
  /** See `countInterruptions`. */
  readonly interruptions: number;
  /** Median silence between another party's end and this party's turn; null when there is none. */
  readonly responseMs: number | null;
}
