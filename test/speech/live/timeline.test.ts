import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../src/speech/live/timeline.ts';

/** At 16 kHz a millisecond is 16 samples; 100 ms pieces are 1,600. */
const timeline = (...pieces: readonly (readonly [position: number, atMs: number])[]): Timeline => {
  const made = new Timeline(16_000);
  for (const [position, atMs] of pieces) made.add(position, atMs);
  return made;
};

describe('a timeline', () => {
  it('counts from where the speaker began', () => {
    expect(timeline([0, 5_000], [1_600, 5_100]).timesOf(800, 2_400)).toEqual({
      startMs: 5_050,
      endMs: 5_150,
    });
  });

  it('includes the silence that was not sent', () => {
    const made = timeline([0, 0], [1_600, 60_000]);
    expect(made.timesOf(0, 1_600)).toEqual({ startMs: 0, endMs: 100 });
    expect(made.timesOf(1_600, 3_200)).toEqual({ startMs: 60_000, endMs: 60_100 });
  });

  it('never spreads a word over such a silence: it is on the side where most of it lies', () => {
    const made = timeline([0, 0], [1_600, 60_000]);
    expect(made.timesOf(480, 1_920)).toEqual({ startMs: 30, endMs: 100 });
    expect(made.timesOf(1_280, 3_200)).toEqual({ startMs: 60_000, endMs: 60_100 });
  });

  it('smooths the jitter of the pieces, and follows a clock that drifts to within 20 ms', () => {
    expect(timeline([0, 0], [1_600, 115], [3_200, 188]).timesOf(3_200, 4_800)).toEqual({
      startMs: 200,
      endMs: 300,
    });
    // A source that is 1 % fast, for an hour.
    const drifting = new Timeline(16_000);
    let worstMs = 0;
    for (let i = 0; i < 36_000; i += 1) {
      drifting.add(i * 1_600, i * 99);
      const { startMs } = drifting.timesOf(i * 1_600, i * 1_600 + 160);
      worstMs = Math.max(worstMs, Math.abs(startMs - i * 99));
      drifting.forgetBefore((i - 10) * 1_600);
    }
    expect(worstMs).toBeLessThanOrEqual(21);
  });

  it('forgets only what is before the position', () => {
    const made = timeline([0, 0], [1_600, 1_000], [3_200, 2_000]);
    made.forgetBefore(2_000);
    expect(made.timesOf(2_000, 3_200)).toEqual({ startMs: 1_025, endMs: 1_100 });
    expect(made.timesOf(3_200, 3_360)).toEqual({ startMs: 2_000, endMs: 2_010 });
  });
});
