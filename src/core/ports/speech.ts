import type { TranscribedWord, Transcription } from '../transcription.ts';
import type { RecordingBytes } from './chat.ts';

export interface Speech {
  /**
   * Hears a whole recording. Streams: the file is never held whole. Judges the type by content.
   * `progress` is called as bytes reach the engine, and with `sent: true` once all have.
   */
  transcribe(
    recording: RecordingBytes,
    options: { signal: AbortSignal; progress: (p: { sentBytes: number; sent: boolean }) => void },
  ): Promise<Transcription>;
  /** Hears one speaker while they speak. Costs nothing until audio comes; never throws for the engine's sake. */
  openLive(options: LiveOptions): LiveStream;
}

export interface LiveOptions {
  /** One channel. `linear16` is signed, little-endian. */
  readonly audio: { readonly encoding: 'linear16' | 'mulaw'; readonly sampleRateHz: number };
  /** BCP 47. Left out, the engine may expect any of the languages it tells apart while it listens. */
  readonly language?: string;
  /** In the order of the audio. Must not throw. */
  readonly onCaption: (caption: SpeechCaption) => void;
  /** Told when it changes; a stream begins `live`. Must not throw. */
  readonly onState: (state: LiveState, told: { readonly lostMs: number }) => void;
}

/**
 * `delayed`: captions come later, and every word will come, as long as `lostMs` (audio given up so far, because the
 * engine stayed away for longer than is kept) is 0; told again when that grows. `ended`: no caption follows.
 */
export type LiveState = 'live' | 'delayed' | 'ended';

/** Some words of one speaker. Words of a final caption are never said again, nor changed. */
export interface SpeechCaption {
  /** Within its stream; the same from the first interim to its final. */
  readonly id: string;
  /** Times on the conversation's clock, as `send` was told. A final may have none: what was interim was nothing. */
  readonly words: readonly SpeechCaptionWord[];
  readonly text: string;
  readonly isFinal: boolean;
}
export type SpeechCaptionWord = Pick<TranscribedWord, 'text' | 'startMs' | 'endMs' | 'confidence'>;

export interface LiveStream {
  /**
   * Whole samples, 20 to 250 ms of them, in order; `atMs` is the conversation time of the first. What is missing
   * between two pieces is silence that is not sent.
   */
  send(audio: Uint8Array, atMs: number): void;
  /** The speaker paused: what was said so far becomes final without waiting for more. */
  flush(): void;
  /** Resolves when all finals have arrived, or after a time limit. Idempotent. */
  close(): Promise<void>;
}
