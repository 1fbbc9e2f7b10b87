import type { VoiceId } from '../transcription.ts';

/** Index of a party in `Transcript.parties`; also its colour's index in the palette. */
export type PartyIndex = number;

/** Somebody who speaks. */
export interface Party {
  readonly name: string;
  /** The workspace member, when somebody said so. */
  readonly memberId: string | null;
  /** The engine's voices that are this party: more than one after a merge. */
  readonly voices: readonly VoiceId[];
  /** False while the name is only "Speaker 2". */
  readonly named: boolean;
}

/**
 * A stretch of one party's words, joined while the silence between two of them is at most 500 ms. Ends at its
 * own last word. Two parties' utterances may overlap.
 */
export interface Utterance {
  readonly party: PartyIndex;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly wordCount: number;
  /** The words by start, for those who cut an utterance (captions). Without them times are spread over the text. */
  readonly words?: readonly TimedWord[];
}

export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Transcript {
  readonly durationMs: number;
  readonly language: string | null;
  readonly approximateSpeakers: boolean;
  readonly remarks: readonly string[];
  /** In the order in which they are first heard, and never reordered by naming. Stray words of nobody's come last. */
  readonly parties: readonly Party[];
  /** By start, then end, then party. */
  readonly utterances: readonly Utterance[];
}

/**
 * A paragraph for readers: consecutive utterances of one party, nobody else's in between, that were at most
 * 3 s apart; a monologue starts a new one about every minute, at the end of a sentence.
 */
export interface Paragraph {
  readonly party: PartyIndex;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}
