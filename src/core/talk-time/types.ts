import type { PartyIndex } from '../transcript/types.ts';

/** Who spoke how much, as `measureTalkTime` defines it. All lengths in whole milliseconds. */
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
  /** Part of the sum of all parties' speaking times, 0 to 1; all zero when nobody speaks. */
  readonly share: number;
  /** Runs of consecutive utterances without somebody else's start in between. */
  readonly turns: number;
  /** The most that the party speaks within one turn; its own pauses do not count. */
  readonly longestTurnMs: number;
  readonly words: number;
  /** Whole words per minute of speaking time; null below 1 s of speech. */
  readonly wordsPerMinute: number | null;
  /** Sentences that end in a question mark, of any script. */
  readonly questions: number;
  /** Times the party starts while another is speaking who then stops within 2 s, the party still speaking. */
  readonly interruptions: number;
  /** Median silence between somebody else's end and this party's turn; null when it never follows one. */
  readonly responseMs: number | null;
}
