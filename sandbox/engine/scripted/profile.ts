/** How the engine treats every live stream, where a script says nothing else. */
export interface LiveProfile {
  /** Seconds of audio that are heard in one second. What comes faster waits, and what was sent after it as well. */
  readonly speed: number;
  /** Audio between two interims, empty ones in silence. */
  readonly interimEveryMs: number;
  /** A stream without audio or KeepAlive is closed after this; before its first audio, also one with KeepAlive. */
  readonly idleMs: number;
  /** A Finalize with no words to make final: left unanswered, or answered with an empty final. */
  readonly emptyFinalize: 'unanswered' | 'empty final';
  /** Streams of the project at once; further ones are refused with 429. */
  readonly maxStreams: number;
}

/** As Deepgram is said to behave by its documentation and by people who use it. */
export const VENDOR_PROFILE: LiveProfile = {
  speed: 1.25,
  interimEveryMs: 1_000,
  idleMs: 12_000,
  emptyFinalize: 'unanswered',
  maxStreams: 50,
};
