import type { SampleRateHz } from './decoder.ts';

/** Joins frames to pieces for the engine. */
export interface Pieces {
  push(frame: Int16Array, atMs: number): void;
  /** Hands over what has been collected, however short. */
  flush(): void;
}

/** Ten messages a second: fewer delay captions, more cost both sides work without making them faster. */
const PIECE_MS = 100;

/**
 * Times of pieces never run backwards. When the timeline learns that it was late, the pieces catch up by running at
 * 90 % until they agree with it again, or at once after the next pause.
 */
const SLOWEST_PACE = 0.9;
/** Trembling, and not a step ahead: a piece may hold it. */
const STEP_MS = 20;

/** How samples are sent. */
export interface PieceFormat {
  readonly sampleRateHz: SampleRateHz;
  /** May keep the samples' own memory: they are its from then on. */
  readonly encode: (samples: Int16Array) => Uint8Array;
}

/** @param onPiece at most 100 ms, its own buffer; `atMs` is the time of its first sample */
export const createPieces = (
  format: PieceFormat,
  onPiece: (audio: Uint8Array, atMs: number) => void,
): Pieces => {
  const samplesPerMs = format.sampleRateHz / 1_000;
  const pieceSamples = PIECE_MS * samplesPerMs;
  let piece = new Int16Array(pieceSamples);
  let filled = 0;
  let startMs = 0;
  let earliestMs = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    if (filled === 0) return;
    const done = piece;
    const samples = filled;
    piece = new Int16Array(pieceSamples);
    filled = 0;
    earliestMs = startMs + (samples / samplesPerMs) * SLOWEST_PACE;
    onPiece(format.encode(done.subarray(0, samples)), startMs);
  };

  return {
    push(frame, atMs) {
      if (filled > 0 && atMs - (startMs + filled / samplesPerMs) >= STEP_MS) flush();
      for (let at = 0; at < frame.length; ) {
        if (filled === 0) startMs = Math.max(atMs + at / samplesPerMs, earliestMs);
        const part = frame.subarray(at, at + pieceSamples - filled);
        piece.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === pieceSamples) flush();
      }
    },
    flush,
  };
};
