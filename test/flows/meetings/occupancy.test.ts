import { describe, expect, it } from 'vitest';
import { createOccupancy } from '../../../src/flows/meetings/occupancy.ts';
import { createVirtualClock } from '../../fakes/clock.ts';

const GRACE_MS = 60_000;

/** Joining and leaving in virtual time, and the moments at which the meeting or the call is found to be over. */
const openOccupancy = (kind: 'meeting' | 'call') => {
  const clock = createVirtualClock();
  const overAtMs: number[] = [];
  let isPhoneExpected = false;
  const occupancy = createOccupancy({
    graceMs: GRACE_MS,
    kind,
    clock,
    isPhoneExpected: () => isPhoneExpected,
    onAlone: () => overAtMs.push(clock.monotonicMs()),
  });
  return {
    clock,
    overAtMs,
    ring(rings: boolean) {
      isPhoneExpected = rings;
      occupancy.changed();
    },
    phoneJoins: (id: string) => occupancy.joined(id, { party: 0, isPhone: true }),
    browserJoins: (id: string) => occupancy.joined(id, { party: 1, isPhone: false }),
    leaves: (id: string) => occupancy.left(id),
    close: () => occupancy[Symbol.dispose](),
  };
};

describe('a meeting', () => {
  it('with only phones in it goes on for as long as one of them stays', async () => {
    const at = openOccupancy('meeting');
    at.phoneJoins('a');
    at.phoneJoins('b');
    at.leaves('a');
    await at.clock.advance(10 * GRACE_MS);
    expect(at.overAtMs).toEqual([]);
    at.leaves('b');
    await at.clock.advance(GRACE_MS);
    expect(at.overAtMs).toEqual([11 * GRACE_MS]);
  });

  it('waits for a phone that rings, and no longer than the grace period once it does not', async () => {
    const at = openOccupancy('meeting');
    at.ring(true);
    await at.clock.advance(5 * GRACE_MS);
    expect(at.overAtMs).toEqual([]);
    // Hung up during the welcome, it never joined.
    at.ring(false);
    await at.clock.advance(GRACE_MS);
    expect(at.overAtMs).toHaveLength(1);
  });

  it('goes on when someone returns within the grace period', async () => {
    const at = openOccupancy('meeting');
    at.browserJoins('a');
    at.leaves('a');
    await at.clock.advance(GRACE_MS - 1);
    at.browserJoins('a again');
    await at.clock.advance(5 * GRACE_MS);
    expect(at.overAtMs).toEqual([]);
  });

  it('has no timer when it is closed', async () => {
    const at = openOccupancy('meeting');
    at.browserJoins('a');
    at.leaves('a');
    at.close();
    at.browserJoins('b');
    at.leaves('b');
    expect(at.clock.pendingTimers).toBe(0);
  });
});

describe('a call', () => {
  it('is over at once when the person who talked to its phone leaves', async () => {
    const at = openOccupancy('call');
    at.phoneJoins('callee');
    at.browserJoins('caller');
    at.leaves('caller');
    await at.clock.advance(0);
    expect(at.overAtMs).toEqual([0]);
  });

  it('with its phone alone waits for the caller no longer than the grace period', async () => {
    const at = openOccupancy('call');
    at.phoneJoins('callee');
    await at.clock.advance(GRACE_MS);
    expect(at.overAtMs).toEqual([GRACE_MS]);
  });
});
