import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOccupancy } from '../../../src/flows/meetings/occupancy.ts';

const GRACE_MS = 60_000;
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Who comes and goes, and when the meeting or the call is found to be over. */
const room = (kind: 'meeting' | 'call') => {
  const startMs = Date.now();
  const overAfterMs: number[] = [];
  let expected = false;
  const company = createOccupancy({
    graceMs: GRACE_MS,
    kind,
    clock: { nowMs: Date.now },
    expected: () => expected,
    onAlone: () => overAfterMs.push(Date.now() - startMs),
  });
  return {
    ...company,
    overAfterMs,
    ring(rings: boolean) {
      expected = rings;
      company.changed();
    },
    phone: (place: string) => company.joined(place, { party: 0, phone: true }),
    browser: (place: string) => company.joined(place, { party: 1, phone: false }),
  };
};
const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

describe('a meeting', () => {
  it('in which only telephones are goes on for as long as one of them stays', () => {
    const at = room('meeting');
    at.phone('a');
    at.phone('b');
    at.left('a');
    pass(10 * GRACE_MS);
    expect(at.overAfterMs).toEqual([]);
    at.left('b');
    pass(GRACE_MS);
    expect(at.overAfterMs).toEqual([11 * GRACE_MS]);
  });

  it('waits for a telephone that rings, and no longer than the grace once it does not', () => {
    const at = room('meeting');
    at.ring(true);
    pass(5 * GRACE_MS);
    expect(at.overAfterMs).toEqual([]);
    // It hung up while it was welcomed, and never came in.
    at.ring(false);
    pass(GRACE_MS);
    expect(at.overAfterMs).toHaveLength(1);
  });

  it('goes on when somebody comes back within the grace', () => {
    const at = room('meeting');
    at.browser('a');
    at.left('a');
    pass(GRACE_MS - 1);
    at.browser('a again');
    pass(5 * GRACE_MS);
    expect(at.overAfterMs).toEqual([]);
  });
});

describe('a call', () => {
  it('is over at once when whoever talked with its telephone leaves', () => {
    const at = room('call');
    at.phone('callee');
    at.browser('caller');
    at.left('caller');
    pass(0);
    expect(at.overAfterMs).toEqual([0]);
  });

  it('with its telephone alone waits for the caller no longer than the grace', () => {
    const at = room('call');
    at.phone('callee');
    pass(GRACE_MS);
    expect(at.overAfterMs).toEqual([GRACE_MS]);
  });
});
