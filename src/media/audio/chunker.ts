import type { SampleRateHz } from './decoder.ts';

/** Joins frames to chunks for the engine. */
export interface Chunker {
  push(frame: Int16Array, atMs: number): void;
  /** Emits what has been collected, however short. */
  flush(): void;
}

/** Ten messages a second: fewer delay captions, more cost both sides work and make nothing faster. */
const CHUNK_MS = 100;

/**
 * Times of chunks never run backwards. When the timeline steps back, chunks run at 90% of real time until they agree with
 * it again, or jump after the next pause.
 */
const SLOWEST_PACE = 0.9;
/** Less is jitter, and no step forward: it may lie within a chunk. */
const STEP_MS = 20;

/** How samples are sent. */
export interface ChunkFormat {
  readonly sampleRateHz: SampleRateHz;
  /** Owns the samples from then on, and may keep their memory. */
  readonly encode: (samples: Int16Array) => Uint8Array;
}

/** @param onChunk at most 100 ms, a buffer of its own; `atMs` of its first sample */
export const createChunker = (
  format: ChunkFormat,
  onChunk: (audio: Uint8Array, atMs: number) => void,
): Chunker => {
  const samplesPerMs = format.sampleRateHz / 1_000;
  const chunkSamples = CHUNK_MS * samplesPerMs;
  let chunk = new Int16Array(chunkSamples);
  let filled = 0;
  let startMs = 0;
  let earliestMs = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    if (filled === 0) return;
    const done = chunk;
    const samples = filled;
    chunk = new Int16Array(chunkSamples);
    filled = 0;
    earliestMs = startMs + (samples / samplesPerMs) * SLOWEST_PACE;
    onChunk(format.encode(done.subarray(0, samples)), startMs);
  };

  return {
    push(frame, atMs) {
      if (filled > 0 && atMs - (startMs + filled / samplesPerMs) >= STEP_MS) flush();
      for (let at = 0; at < frame.length; ) {
        if (filled === 0) startMs = Math.max(atMs + at / samplesPerMs, earliestMs);
        const part = frame.subarray(at, at + chunkSamples - filled);
        chunk.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === chunkSamples) flush();
      }
    },
    flush,
  };
};
