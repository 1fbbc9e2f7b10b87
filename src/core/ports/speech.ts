import type { CaptionWord, Transcription } from '../transcription.ts';
import type { RecordingBytes } from './chat.ts';

export interface Speech {
  /**
   * Transcribes a recording. Streams: the file is never held in memory. Detects the media type by content. `progress` is
   * called as bytes reach the engine, and with `sent: true` once all have.
   */
  transcribe(
    recording: RecordingBytes,
    options: {
      signal: AbortSignal;
      progress: (p: { sentBytes: number; sent: boolean }) => void;
      /** The same recording from its beginning, for those that take more than one pass: several audio tracks. */
      reopen?: () => Promise<RecordingBytes>;
    },
  ): Promise<Transcription>;
  /** Transcribes one speaker live. Opens no connection before the first audio; never throws on engine failures. */
  openLive(options: LiveOptions): LiveStream;
}

/** What people know about the speech that an engine can't. */
export interface SpeechHints {
  /** BCP 47. One fixes the language; none or several leave it to the engine. */
  readonly languages: readonly string[];
  /** Names and terms of the trade, the most important first. */
  readonly terms: readonly string[];
}

export interface LiveOptions {
  /** For the figures of the engine's account. */
  readonly kind: 'meeting' | 'call';
  /** One channel. `linear16` is signed, little-endian. */
  readonly audio: { readonly encoding: 'linear16' | 'mulaw'; readonly sampleRateHz: number };
  /** BCP 47. When left out, the engine detects the language among those it supports for live audio. */
  readonly language?: string;
  /** In the order of the audio. Must not throw. */
  readonly onCaption: (caption: SpeechCaption) => void;
  /** On changes; a stream begins `live`. Must not throw. */
  readonly onState: (state: LiveState, details: { readonly lostMs: number }) => void;
}

/**
 * `delayed`: captions are late but complete while `lostMs` is 0. `lostMs` is audio whose words cannot be had, since the
 * engine was unavailable for longer than audio is kept, or refused it; reported again when it grows. `ended`: no caption
 * follows.
 */
export type LiveState = 'live' | 'delayed' | 'ended';

/** Some words of one speaker. Words of a final caption are never repeated or changed. */
export interface SpeechCaption {
  /** Within its stream; the same from the first interim to its final. */
  readonly id: string;
  /** Times on the conversation's clock, as given to `send`. A final may be empty: its interims were noise. */
  readonly words: readonly CaptionWord[];
  readonly text: string;
  readonly isFinal: boolean;
}

export interface LiveStream {
  /**
   * Whole samples, 20 to 250 ms of them, in order; `atMs` is the conversation time of the first. A gap between two
   * pieces is silence.
   */
  send(audio: Uint8Array, atMs: number): void;
  /** The speaker paused: everything so far becomes final without waiting for more. */
  flush(): void;
  /** Resolves when all finals have arrived, or after a time limit. Idempotent. */
  close(): Promise<void>;
}
