import { describe, expect, it, vi } from 'vitest';
import { phonePersonId } from '../../../../src/core/calls/person.ts';
import { SPOKEN } from '../../../../src/core/calls/spoken.ts';
import type { Phone } from '../../../../src/core/ports.ts';
import { CALL, CONTEXT, createLegStage, HEARD_NOTICE, hungUp, RECORDING } from '../../support/legs.ts';
import { settle } from '../../support/stage.ts';

const redirects = () => vi.fn<Phone['redirectCall']>(async () => true);
type LegStage = ReturnType<typeof createLegStage>;

describe('a phone whose audio breaks off', () => {
  it('is reconnected at once, and left alone for a while when it breaks off again', async () => {
    const redirectCall = redirects();
    const { addAnswered, clock } = createLegStage();
    const { connect, legId } = await addAnswered('meeting', { redirectCall });
    const first = await connect();
    await settle(clock);
    first.closed('broken');
    await settle(clock);
    expect(redirectCall).toHaveBeenCalledExactlyOnceWith(legId, CALL);
    (await connect()).closed('broken');
    await clock.advance(6_000);
    expect(redirectCall).toHaveBeenCalledTimes(1);
    await clock.advance(6_000);
    expect(redirectCall).toHaveBeenCalledTimes(2);
  });

  it('is not, when the network ended it, unless it is there all the same', async () => {
    const redirectCall = redirects();
    const { addAnswered, clock } = createLegStage();
    const { connect } = await addAnswered('meeting', { redirectCall });
    const input = await connect();
    await settle(clock);
    input.closed('ended');
    await clock.advance(2_900);
    expect(redirectCall).not.toHaveBeenCalled();
    await clock.advance(200);
    expect(redirectCall).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that ended', hungUp],
    ['that is to be hung up', { type: 'hang-up-requested' }],
  ] as const)('is not, of a call %s', async (_what, event) => {
    const redirectCall = redirects();
    const { addAnswered, clock, apply } = createLegStage();
    const { connect, legId } = await addAnswered('meeting', { redirectCall });
    const input = await connect();
    await settle(clock);
    await apply(legId, event);
    input.closed('broken');
    await clock.advance(20_000);
    expect(redirectCall).not.toHaveBeenCalled();
  });

  it('is not, when the old audio ends after the new one began', async () => {
    const redirectCall = redirects();
    const { addAnswered, clock } = createLegStage();
    const { connect } = await addAnswered('meeting', { redirectCall });
    const old = await connect();
    await settle(clock);
    await connect();
    old.closed('broken');
    await clock.advance(20_000);
    expect(redirectCall).not.toHaveBeenCalled();
  });

  it('is not, when its end was reported meanwhile', async () => {
    const redirectCall = redirects();
    const { addAnswered, clock, apply } = createLegStage();
    const { connect, legId } = await addAnswered('meeting', { redirectCall });
    (await connect()).closed('ended');
    await clock.advance(1_000);
    await apply(legId, hungUp);
    await clock.advance(20_000);
    expect(redirectCall).not.toHaveBeenCalled();
  });

  it('is not, while it hears the notice for the first time', async () => {
    const redirectCall = redirects();
    const { addAnswered, clock } = createLegStage();
    const { answered } = await addAnswered('meeting', { redirectCall });
    await answered();
    await clock.advance(40_000);
    expect(redirectCall).not.toHaveBeenCalled();
  });

  it('is not, by a process that stops', async () => {
    const redirectCall = redirects();
    const { addAnswered, clock } = createLegStage();
    const { connect, one } = await addAnswered('meeting', { redirectCall });
    const input = await connect();
    await settle(clock);
    await one.meetings.close();
    input.closed('broken');
    await clock.advance(20_000);
    expect(redirectCall).not.toHaveBeenCalled();
  });
});

describe('a phone for which the room is full', () => {
  const addToFullRoom = async (stage: LegStage, phone: Partial<Phone>) => {
    const answered = await stage.addAnswered('meeting', phone);
    await answered.one.meetings.host(answered.conversation.id);
    for (let count = 0; count < 100; count += 1) {
      const personId = `U-${count}` as never;
      answered.room().join({ personId, name: `Person ${count}`, host: false });
    }
    return answered;
  };
  const FULL = expect.stringMatching(/^This meeting is full/);

  it('is redirected, hears why and is hung up, instead of asking again and again', async () => {
    const redirectCall = redirects();
    const stage = createLegStage();
    const { isRefused, answered, legId } = await addToFullRoom(stage, { redirectCall });
    expect(await isRefused()).toBe(true);
    expect(redirectCall).toHaveBeenCalledExactlyOnceWith(legId, CALL);
    expect((await stage.leg(legId)).state).toMatchObject({ how: 'room-full', reason: FULL });
    expect(await answered(HEARD_NOTICE)).toEqual({ next: 'hang-up', say: [FULL, SPOKEN.tryLater] });
  });

  it('hears why when it asks by itself, where the network does not redirect it', async () => {
    const redirectCall = () => Promise.reject(new Error('no network'));
    const { isRefused, answered } = await addToFullRoom(createLegStage(), { redirectCall });
    expect(await isRefused()).toBe(true);
    expect((await answered(HEARD_NOTICE)).say).toContainEqual(FULL);
  });
});

/** A call whose phone was connected to an instance that died. */
const addAbandoned = async ({ addMeeting, addLeg, transact }: LegStage, holder: string, leaseMs: number) => {
  const { id, ...conversation } = await addMeeting('call');
  const dialled = { type: 'dialled', callId: CALL } as const;
  const legId = await addLeg({ id, ...conversation }, 'callee', dialled, { type: 'answered' });
  await transact(async (tx) => {
    await tx.saveMeetingParty(id, 0, { personId: phonePersonId(legId), name: 'Ben' });
    await tx.takeLease(id, { holder, url: 'https://parley.example' }, leaseMs);
  });
  return { id, legId };
};

describe('after a start', () => {
  it('phones that were connected are reconnected as soon as media are available, and no others', async () => {
    const redirectCall = redirects();
    const stage = createLegStage();
    const one = stage.instance({ redirectCall });
    one.rooms.setUnavailable('Media are starting.');
    const mine = await addAbandoned(stage, 'one', 60_000);
    await addAbandoned(stage, 'another', 60_000);
    // This one has heard nothing yet.
    const dialled = { type: 'dialled', callId: CALL } as const;
    await stage.addLeg(await stage.addMeeting('call'), 'callee', dialled, { type: 'answered' });
    const resuming = one.meetings.resume();
    await stage.clock.advance(10_000);
    expect(redirectCall).not.toHaveBeenCalled();
    one.rooms.setUnavailable(null);
    await stage.clock.advance(1_000);
    await resuming;
    expect(redirectCall.mock.calls).toEqual([[mine.legId, CALL]]);
  });

  it('one that just asked how to go on is left alone', async () => {
    const redirectCall = redirects();
    const stage = createLegStage();
    const one = stage.instance({ redirectCall });
    const { id, legId } = await addAbandoned(stage, 'one', 60_000);
    await one.phoneEvents.answered(legId, CALL, HEARD_NOTICE);
    await one.meetings.resume();
    one.meetings.legsChanged(id);
    await stage.clock.advance(9_000);
    expect(redirectCall).not.toHaveBeenCalled();
  });

  it('those of an instance that died are reconnected when its lease has expired', async () => {
    const redirectCall = redirects();
    const stage = createLegStage();
    const one = stage.instance({ redirectCall });
    const { id, legId } = await addAbandoned(stage, 'another', 5_000);
    const watch = () =>
      one.handlers['watch-meeting'].run({ name: 'watch-meeting', conversationId: id }, CONTEXT);
    await watch();
    expect(redirectCall).not.toHaveBeenCalled();
    await stage.clock.advance(5_001);
    await watch();
    await settle(stage.clock);
    expect(redirectCall).toHaveBeenCalledExactlyOnceWith(legId, CALL);
  });

  it('a recording that began and was not stored goes on, and no second one begins', async () => {
    const recordingsOf = vi.fn<Phone['recordingsOf']>(async () => [{ id: RECORDING, state: 'running' }]);
    const stage = createLegStage();
    const one = stage.instance({ redirectCall: redirects(), recordingsOf });
    const { legId } = await addAbandoned(stage, 'one', 60_000);
    await one.phoneEvents.connect(legId, CALL, { play: () => {}, removed: () => {} });
    await settle(stage.clock);
    const { recording } = await stage.leg(legId);
    expect(recording).toEqual({ id: RECORDING, state: 'running', beganAtMs: null });
  });
});
