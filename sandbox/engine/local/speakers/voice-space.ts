import { readFileSync } from 'node:fs';
import { voiceSize } from '../recognition/moonshine.ts';

/**
 * Transforms vectors of the encoder's first layer so that they differ by voice and not by words. What varies while one
 * voice says different things was measured once from synthetic voices (scripts/learn-voices.ts): its mean, its deviation,
 * and the main directions of change, which are removed.
 */
export interface VoiceSpace {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** Orthonormal rows of `voiceSize` numbers, one after the other. */
  readonly wordDirections: Float32Array;
}

/**
 * The weight of the recording's own mean: 0 uses that of the synthetic voices, 1 the recording's. Some of it removes
 * the room and the microphone; all of it would also remove the only voice of a monologue.
 */
const ownMeanShare = 0.25;

export const readVoiceSpace = (): VoiceSpace => {
  const bytes = readFileSync(new URL('./voice-space.f32', import.meta.url));
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return {
    mean: numbers.slice(0, voiceSize),
    deviation: numbers.slice(voiceSize, 2 * voiceSize),
    wordDirections: numbers.slice(2 * voiceSize),
  };
};

/** Rows of `voiceSize` numbers to unit vectors whose dot product is the similarity of two voices. */
export const toVoices = (vectors: Float32Array, space: VoiceSpace): Float32Array[] => {
  const count = vectors.length / voiceSize;
  const own = meanOf(vectors, count);
  return Array.from({ length: count }, (_, row) => {
    const voice = vectors.slice(row * voiceSize, (row + 1) * voiceSize);
    for (let i = 0; i < voiceSize; i++) {
      const mean = (1 - ownMeanShare) * space.mean[i]! + ownMeanShare * own[i]!;
      voice[i] = (voice[i]! - mean) / space.deviation[i]!;
    }
    for (let at = 0; at < space.wordDirections.length; at += voiceSize)
      removeDirection(voice, space.wordDirections.subarray(at, at + voiceSize));
    return toUnit(voice);
  });
};

export const meanOf = (vectors: Float32Array, count: number): Float32Array => {
  const mean = new Float32Array(voiceSize);
  for (let at = 0; at < vectors.length; at++) mean[at % voiceSize]! += vectors[at]! / count;
  return mean;
};

export const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** In place. */
export const toUnit = (vector: Float32Array): Float32Array => {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return vector;
};

const removeDirection = (vector: Float32Array, direction: Float32Array): void => {
  const along = dot(vector, direction);
  for (let i = 0; i < vector.length; i++) vector[i]! -= along * direction[i]!;
};
