/**
 * What a speech engine heard in a conversation: facts that never change afterwards. Who the voices are
 * (`SpeakerNames`) is kept apart, so that naming and merging speakers never touches them.
 */
export interface Transcription {
  readonly durationMs: number;
  /** BCP 47 language tag, when the engine could tell. */
  readonly language: string | null;
  /** In the order of the engine; core sorts. Times are milliseconds from the start of the conversation. */
  readonly words: readonly TranscribedWord[];
  /** True when the engine guessed who spoke well below what a person would, so that we say "approximate". */
  readonly approximateSpeakers: boolean;
  /** What else the reader should know of this engine's text, as whole sentences ("English only."). */
  readonly remarks: readonly string[];
}

export interface TranscribedWord {
  /** With punctuation and capitals, as it should be read. */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1; null when the engine does not say. */
  readonly confidence: number | null;
  /** 0-based audio channel. Only when the channels carry different parties does it exceed 0. */
  readonly channel: number;
  /** The engine's own 0-based speaker number within the channel; null when it gave none. */
  readonly speaker: number | null;
}

/**
 * A voice: one speaker of one channel as the engine told them apart, written `channel:speaker` (`0:1`).
 * Words without a speaker belong to the voice `channel:?` unless their neighbours tell whose they are.
 */
export type VoiceId = string;

/** A person's answer to "who is this voice?". Voices given the same member or the same name are one party. */
export type SpeakerNames = Readonly<Record<VoiceId, SpeakerName>>;
export interface SpeakerName {
  readonly name: string;
  /** Set when the name was chosen from the members of the workspace. */
  readonly memberId?: string;
}
