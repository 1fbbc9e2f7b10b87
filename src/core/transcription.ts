import type { JoinableWord } from './transcript/join-words.ts';

/**
 * A speech engine's result for a conversation, which never changes. Names (`SpeakerNames`) are kept apart, so that naming
 * and merging speakers does not touch it.
 */
export interface Transcription {
  readonly durationMs: number;
  /** BCP 47, when the engine detected it: that of the most words. */
  readonly language: string | null;
  /** Every language of the words, the most frequent first. Left out by earlier versions and of meetings. */
  readonly languages?: readonly SpokenLanguage[];
  /** In the engine's order. Times are milliseconds from the start of the conversation. */
  readonly words: readonly TranscribedWord[];
  /** The engine's diarization is unreliable, and the transcript says so. */
  readonly approximateSpeakers: boolean;
  /** Limits of the engine's text, as whole sentences ("English only."). */
  readonly remarks: readonly string[];
}

export interface SpokenLanguage {
  /** BCP 47. */
  readonly tag: string;
  /** Of the words whose language is known, 0 to 1. */
  readonly share: number;
}

export interface TranscribedWord extends JoinableWord {
  /** With punctuation and capitals. */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1; null when the engine does not say. */
  readonly confidence: number | null;
  /** 0-based audio channel; above 0 only when the channels carry different parties. */
  readonly channel: number;
  /** The engine's own 0-based speaker number within the channel; null when it gave none. */
  readonly speaker: number | null;
}

/** A word of a caption, live or stored as a line. */
export type CaptionWord = Pick<TranscribedWord, 'text' | 'startMs' | 'endMs' | 'confidence' | 'blankBefore'>;

/**
 * One speaker of one channel as the engine distinguished them, written `channel:speaker` (`0:1`). Words without a speaker
 * get that of a near neighbour, or belong to `channel:?`.
 */
export type VoiceId = string;

/** Names that people gave to voices. Voices with the same member or the same name are one party. */
export type SpeakerNames = Readonly<Record<VoiceId, SpeakerName>>;
export interface SpeakerName {
  readonly name: string;
  /** Set when the name was chosen from the members of the workspace. */
  readonly memberId?: string;
}
