import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from '../../../src/speech/live/replay-buffer.ts';

const bytes = (from: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => from + i);

/** What would be sent from a position on: the bytes, with a bar for the mark of a pause. */
const playedFrom = (tape: ReplayBuffer, position: number): (number | '|')[] => {
  const played: (number | '|')[] = [];
  for (let number = tape.numberAt(position); ; number += 1) {
    const item = tape.item(number);
    if (item === null) return played;
    const { bytes } = tape.from(item, position);
    played.push(...(bytes === null ? ['|' as const] : bytes));
  }
};

describe('a tape', () => {
  it('plays from any position, in the middle of a piece as well, with the pauses after it', () => {
    const tape = new ReplayBuffer(1);
    tape.add(bytes(0, 3), 0);
    tape.add(bytes(3, 3), 0);
    tape.mark();
    tape.add(bytes(6, 2), 0);
    expect(playedFrom(tape, 0)).toEqual([0, 1, 2, 3, 4, 5, '|', 6, 7]);
    expect(playedFrom(tape, 4)).toEqual([4, 5, '|', 6, 7]);
    // The audio before the pause is final, and so is the pause.
    expect(playedFrom(tape, 6)).toEqual([6, 7]);
    expect(playedFrom(tape, 8)).toEqual([]);
  });

  it('counts samples and not bytes, and leaves out half a sample', () => {
    const tape = new ReplayBuffer(2);
    expect(tape.add(bytes(0, 5), 0)).toBe(0);
    expect(tape.add(bytes(10, 4), 0)).toBe(2);
    expect(tape.end).toBe(4);
    expect(playedFrom(tape, 3)).toEqual([12, 13]);
  });

  it('lets go of whole pieces only, and keeps their numbers', () => {
    const tape = new ReplayBuffer(1);
    for (const from of [0, 10, 20]) tape.add(bytes(from, 10), 0);
    const last = tape.item(2);
    tape.forgetBefore(15);
    expect(tape.start).toBe(10);
    expect(tape.firstNumber).toBe(1);
    expect(tape.item(2)).toBe(last);
    expect(tape.item(0)).toBeNull();
    tape.forgetBefore(30);
    expect(tape.isEmpty).toBe(true);
    expect([tape.start, tape.end]).toEqual([30, 30]);
    expect(tape.add(bytes(30, 1), 0)).toBe(30);
    expect(tape.numberAt(30)).toBe(3);
  });

  it('marks a pause once, and none where nothing waits for a final', () => {
    const tape = new ReplayBuffer(1);
    tape.mark();
    expect(tape.isEmpty).toBe(true);
    tape.add(bytes(0, 1), 0);
    tape.mark();
    tape.mark();
    expect(playedFrom(tape, 0)).toEqual([0, '|']);
    tape.forgetBefore(1);
    expect(tape.isEmpty).toBe(true);
  });

  it('keeps a copy', () => {
    const tape = new ReplayBuffer(1);
    const memory = bytes(1, 2);
    tape.add(memory, 0);
    memory.fill(0);
    expect(playedFrom(tape, 0)).toEqual([1, 2]);
  });
});
