import { describe, expect, it } from 'vitest';
import { createChunker } from '../../../src/media/audio/chunker.ts';
import { endOf, type Piece, toPiece } from './support.ts';

const LINEAR16 = {
  sampleRateHz: 16_000,
  encode: (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
} as const;

const frame = (value: number): Int16Array => new Int16Array(320).fill(value);

const collect = () => {
  const pieces: Piece[] = [];
  return { pieces, joiner: createChunker(LINEAR16, (pcm, atMs) => void pieces.push(toPiece(pcm, atMs))) };
};

describe('pieces for the engine', () => {
  it('are 100 ms of little-endian 16 bits, with the time of their first sample', () => {
    const out: [Uint8Array, number][] = [];
    const joiner = createChunker(LINEAR16, (pcm, atMs) => void out.push([pcm, atMs]));
    for (let at = 0; at < 10; at += 1) joiner.push(frame(0x0102 + at), 1_000 + at * 20);
    expect(out.map(([pcm, atMs]) => [pcm.length, atMs])).toEqual([
      [3_200, 1_000],
      [3_200, 1_100],
    ]);
    expect([...out[0]![0].subarray(0, 2)]).toEqual([0x02, 0x01]);
    expect(new DataView(out[1]![0].buffer).getInt16(0, true)).toBe(0x0102 + 5);
  });

  it('are handed over early when asked, and only once', () => {
    const { pieces, joiner } = collect();
    joiner.push(frame(1), 1_000);
    joiner.flush();
    joiner.flush();
    joiner.push(frame(2), 5_000);
    joiner.flush();
    expect(pieces.map(({ samples, atMs }) => [samples.length, samples[0], atMs])).toEqual([
      [320, 1, 1_000],
      [320, 2, 5_000],
    ]);
  });

  it('keep their own samples while the next are collected', () => {
    const { pieces, joiner } = collect();
    for (let at = 0; at < 15; at += 1) joiner.push(frame(at), at * 20);
    expect(pieces.map(({ samples }) => samples[0])).toEqual([0, 5, 10]);
  });

  it('end where time steps ahead, so that what follows has its own', () => {
    const { pieces, joiner } = collect();
    for (let at = 0; at < 7; at += 1) joiner.push(frame(at), at * 20 + (at >= 2 ? 220 : 0));
    expect(pieces.map(({ samples, atMs }) => [samples.length, atMs])).toEqual([
      [640, 0],
      [1_600, 260],
    ]);
  });

  it('never go back in time, and catch up with a timeline that did', () => {
    const { pieces, joiner } = collect();
    for (let at = 0; at < 100; at += 1) joiner.push(frame(1), at * 20 - (at >= 50 ? 70 : 0));
    pieces.forEach((piece, at) => {
      if (at > 0) expect(piece.atMs).toBeGreaterThanOrEqual(pieces[at - 1]!.atMs + 90);
    });
    expect(pieces.at(-1)!.atMs).toBe(95 * 20 - 70);
  });

  it('have caught up after a pause', () => {
    const { pieces, joiner } = collect();
    for (let at = 0; at < 5; at += 1) joiner.push(frame(1), 2_000 + at * 20);
    joiner.push(frame(1), 2_400);
    joiner.flush();
    expect(pieces.map(({ atMs }) => atMs)).toEqual([2_000, 2_400]);
    expect(endOf(pieces[0]!)).toBe(2_100);
  });
});
