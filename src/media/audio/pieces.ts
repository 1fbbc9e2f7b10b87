import { SAMPLES_PER_MS } from './decoder.ts';

/** Joins frames to pieces for the engine. */
export interface Pieces {
  push(frame: Int16Array, atMs: number): void;
  /** Hands over what has been collected, however short. */
  flush(): void;
}

/** Ten messages a second: fewer delay captions, more cost both sides work without making them faster. */
const PIECE_MS = 100;
const PIECE_SAMPLES = PIECE_MS * SAMPLES_PER_MS;

/**
 * Times of pieces never run backwards. When the timeline learns that it was late, the pieces catch up by running at
 * 90 % until they agree with it again, or at once after the next pause.
 */
const SLOWEST_PACE = 0.9;
/** Trembling, and not a step ahead: a piece may hold it. */
const STEP_MS = 20;

/** @param onPiece linear16, little-endian, at most 100 ms, its own buffer; `atMs` is the time of its first sample */
export const createPieces = (onPiece: (pcm: Uint8Array, atMs: number) => void): Pieces => {
  let piece = new Int16Array(PIECE_SAMPLES);
  let filled = 0;
  let startMs = 0;
  let earliestMs = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    if (filled === 0) return;
    const done = piece;
    const samples = filled;
    piece = new Int16Array(PIECE_SAMPLES);
    filled = 0;
    earliestMs = startMs + (samples / SAMPLES_PER_MS) * SLOWEST_PACE;
    onPiece(new Uint8Array(done.buffer, 0, samples * 2), startMs);
  };

  return {
    push(frame, atMs) {
      if (filled > 0 && atMs - (startMs + filled / SAMPLES_PER_MS) >= STEP_MS) flush();
      for (let at = 0; at < frame.length; ) {
        if (filled === 0) startMs = Math.max(atMs + at / SAMPLES_PER_MS, earliestMs);
        const part = frame.subarray(at, at + PIECE_SAMPLES - filled);
        piece.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === PIECE_SAMPLES) flush();
      }
    },
    flush,
  };
};
