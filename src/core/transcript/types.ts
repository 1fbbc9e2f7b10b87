import type { SpokenLanguage, VoiceId } from '../transcription.ts';
import type { JoinableWord } from './join-words.ts';

/** Index of a party in `Transcript.parties`; also its colour's index in the palette. */
export type PartyIndex = number;

/** A speaker. */
export interface Party {
  readonly name: string;
  /** The workspace member, when one was chosen. */
  readonly memberId: string | null;
  /** The engine's voices that are this party: more than one after a merge. */
  readonly voices: readonly VoiceId[];
  /** False while the name is only "Speaker 2". */
  readonly named: boolean;
}

/**
 * Consecutive words of one party, with pauses of at most 500 ms. Ends with its own last word. Utterances of two parties
 * may overlap.
 */
export interface Utterance {
  readonly party: PartyIndex;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly wordCount: number;
  /** By start, for splitting into cues. When left out, times are spread over the text. */
  readonly words?: readonly TimedWord[];
}

export interface TimedWord extends JoinableWord {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Transcript {
  readonly durationMs: number;
  readonly languages: readonly SpokenLanguage[];
  /** The share of words that the engine doubts, 0 to 1. */
  readonly doubtedShare: number;
  readonly approximateSpeakers: boolean;
  readonly remarks: readonly string[];
  /** In the order of first words, never reordered by naming. Unattributed words come last. */
  readonly parties: readonly Party[];
  /** By start, then end, then party. */
  readonly utterances: readonly Utterance[];
}

/**
 * Consecutive utterances of one party, with pauses of at most 3 s and no other party in between; a monologue starts a new
 * one about every minute, at the end of a sentence.
 */
export interface Paragraph {
  readonly party: PartyIndex;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}
