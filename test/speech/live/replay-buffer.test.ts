import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from '../../../src/speech/live/replay-buffer.ts';

const bytes = (from: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => from + i);

/** What would be sent from a position on: the bytes, with a bar for the mark of a pause. */
const playedFrom = (buffer: ReplayBuffer, position: number): (number | '|')[] => {
  const played: (number | '|')[] = [];
  for (let number = buffer.numberAt(position); ; number += 1) {
    const item = buffer.item(number);
    if (item === null) return played;
    const { bytes } = buffer.from(item, position);
    played.push(...(bytes === null ? ['|' as const] : bytes));
  }
};

describe('a replay buffer', () => {
  it('returns audio from any position, also within a piece, with the pauses after it', () => {
    const buffer = new ReplayBuffer(1);
    buffer.add(bytes(0, 3), 0);
    buffer.add(bytes(3, 3), 0);
    buffer.mark();
    buffer.add(bytes(6, 2), 0);
    expect(playedFrom(buffer, 0)).toEqual([0, 1, 2, 3, 4, 5, '|', 6, 7]);
    expect(playedFrom(buffer, 4)).toEqual([4, 5, '|', 6, 7]);
    // The audio before the pause is final, and so is the pause.
    expect(playedFrom(buffer, 6)).toEqual([6, 7]);
    expect(playedFrom(buffer, 8)).toEqual([]);
  });

  it('counts samples and not bytes, and leaves out half a sample', () => {
    const buffer = new ReplayBuffer(2);
    expect(buffer.add(bytes(0, 5), 0)).toBe(0);
    expect(buffer.add(bytes(10, 4), 0)).toBe(2);
    expect(buffer.end).toBe(4);
    expect(playedFrom(buffer, 3)).toEqual([12, 13]);
  });

  it('removes whole pieces only, and keeps their numbers', () => {
    const buffer = new ReplayBuffer(1);
    for (const from of [0, 10, 20]) buffer.add(bytes(from, 10), 0);
    const last = buffer.item(2);
    buffer.forgetBefore(15);
    expect(buffer.start).toBe(10);
    expect(buffer.firstNumber).toBe(1);
    expect(buffer.item(2)).toBe(last);
    expect(buffer.item(0)).toBeNull();
    buffer.forgetBefore(30);
    expect(buffer.isEmpty).toBe(true);
    expect([buffer.start, buffer.end]).toEqual([30, 30]);
    expect(buffer.add(bytes(30, 1), 0)).toBe(30);
    expect(buffer.numberAt(30)).toBe(3);
  });

  it('marks a pause once, and none while it is empty', () => {
    const buffer = new ReplayBuffer(1);
    buffer.mark();
    expect(buffer.isEmpty).toBe(true);
    buffer.add(bytes(0, 1), 0);
    buffer.mark();
    buffer.mark();
    expect(playedFrom(buffer, 0)).toEqual([0, '|']);
    buffer.forgetBefore(1);
    expect(buffer.isEmpty).toBe(true);
  });

  it('keeps a copy', () => {
    const buffer = new ReplayBuffer(1);
    const memory = bytes(1, 2);
    buffer.add(memory, 0);
    memory.fill(0);
    expect(playedFrom(buffer, 0)).toEqual([1, 2]);
  });
});
