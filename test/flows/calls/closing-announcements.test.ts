import { describe, expect, it } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { ConversationId, LegId } from '../../../src/core/ids.ts';
import { openMeeting } from '../support/meeting.ts';
import { ANA, createStage, LONDON } from '../support/stage.ts';

/** What the person on a phone hears last. */

const FULL = expect.stringMatching(/^This meeting is full/);

/** A meeting that is hosted, into which phones are called or dial in. */
const openPhones = async () => {
  const stage = createStage();
  const one = stage.instance('one');
  await one.work();
  const id = await openMeeting(stage, one);
  await one.meetings.host(id);
  const legOf = async (): Promise<{ id: LegId; state: unknown }> =>
    (await stage.transact((tx) => tx.legsOf(id)))[0]!;
  return {
    ...stage,
    one,
    id,
    legOf,
    room: () => one.rooms.room(id),
    /** Called from the page of the meeting, and answered. */
    async callPhone() {
      const host = one.rooms.room(id).join({ personId: ANA, name: 'Ana', host: true });
      await host.requestPhone('+44 20 7946 0000');
      await stage.clock.advance(1_000);
      host.leave();
      const call = stage.phone.callWith(LONDON);
      call.answer();
      return call;
    },
    async dialIn() {
      const pin = await stage.transact((tx) => tx.pinOf(id as ConversationId));
      return stage.phone.dialIn(LONDON, pin!);
    },
    fill() {
      for (let count = 0; count < 100; count += 1) {
        one.rooms.room(id).join({ personId: `U-${count}` as never, name: `Person ${count}`, host: false });
      }
    },
  };
};

describe('a phone for which the room is full', () => {
  it.each(['callPhone', 'dialIn'] as const)('hears why, and is hung up (%s)', async (how) => {
    const at = await openPhones();
    const call = await at[how]();
    at.fill();
    await at.clock.advance(60_000);
    expect(call.state).toBe('ended');
    expect(call.spoken.slice(-2)).toEqual([FULL, SPOKEN.tryLater]);
    expect(call.spoken).not.toContain(SPOKEN.broken);
    expect((await at.legOf()).state).toMatchObject({ how: 'room-full', reason: FULL });
  });

  it('hears it when it reconnects, and the meeting became full meanwhile', async () => {
    const at = await openPhones();
    const call = await at.callPhone();
    await at.clock.advance(30_000);
    expect(call.connected).toBe(true);
    call.breakAudio();
    at.fill();
    await at.clock.advance(60_000);
    expect(call.state).toBe('ended');
    expect(call.spoken.slice(-3)).toEqual([SPOKEN.again, FULL, SPOKEN.tryLater]);
  });
});

describe('a phone that our side hangs up', () => {
  it('hears that it was removed, when the host removes it', async () => {
    const at = await openPhones();
    const call = await at.callPhone();
    await at.clock.advance(30_000);
    const host = at.room().join({ personId: ANA, name: 'Ana', host: true });
    host.remove(at.room().phone(call.legId!));
    await at.clock.advance(60_000);
    expect(call.state).toBe('ended');
    expect(call.spoken.at(-1)).toBe(SPOKEN.hungUp);
    expect(call.spoken).not.toContain(SPOKEN.broken);
    expect((await at.legOf()).state).toMatchObject({ how: 'hung-up' });
  });

  it('hears that it is over, when it ends for everyone', async () => {
    const at = await openPhones();
    const call = await at.callPhone();
    await at.clock.advance(30_000);
    expect(await at.one.requests.endMeeting(at.id, ANA)).toEqual({ outcome: 'accepted' });
    await at.clock.advance(60_000);
    expect(call.state).toBe('ended');
    expect(call.spoken.at(-1)).toBe(SPOKEN.over);
    expect(call.spoken).not.toContain(SPOKEN.broken);
  });
});
