import { describe, expect, it, vi } from 'vitest';
import { phonePersonId } from '../../../../src/core/calls/person.ts';
import { SPOKEN } from '../../../../src/core/calls/spoken.ts';
import type { ConversationId } from '../../../../src/core/ids.ts';
import type { Phone } from '../../../../src/core/ports.ts';
import { createPhoneEvents } from '../../../../src/flows/calls/phone-events.ts';
import { applyLegEvent } from '../../../../src/flows/meetings/phones/legs.ts';
import { watchMeetingHandler } from '../../../../src/flows/meetings/watch-meeting.ts';
import { until } from '../../../support/until.ts';
import { AT_FIRST, CALL, RECORDING, telephoneStage } from '../../support/phones.ts';

/** Telephones whose sound broke off are fetched, and left alone where they come or go by themselves. */
const { begun, withLeg, legOf, carried, transact, house } = telephoneStage();
const brought = () => vi.fn<Phone['redirectCall']>(async () => true);
const ended = { type: 'ended', how: 'hung-up', reason: null } as const;
const job = { attempt: 1, signal: new AbortController().signal };

/** Time that only passes when the test says so. */
const stoppedTime = () => {
  let nowMs = 0;
  return {
    monotonicMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

/** What was asked of the database before this was answered. */
const settled = (id: ConversationId) => transact((tx) => tx.legsOf(id));

describe('a telephone whose sound broke off', () => {
  it('is brought back at once, and left alone for a while when it breaks off again', async () => {
    const bringBack = brought();
    const { monotonicMs, pass } = stoppedTime();
    const at = await carried('meeting', { redirectCall: bringBack }, { monotonicMs });
    (await at.connect()).closed('broken');
    await until(() => bringBack.mock.calls.length === 1, { what: 'it is brought back' });
    expect(bringBack).toHaveBeenCalledExactlyOnceWith(at.legId, CALL);
    (await at.connect()).closed('broken');
    await at.looked();
    expect(bringBack).toHaveBeenCalledTimes(1);
    pass(10_000);
    await until(() => bringBack.mock.calls.length === 2, { what: 'it is brought back later' });
    await at.close();
  });

  it('is not, when the network ended it, unless the telephone is there all the same', async () => {
    const bringBack = brought();
    const { monotonicMs, pass } = stoppedTime();
    const at = await carried('meeting', { redirectCall: bringBack }, { monotonicMs });
    (await at.connect()).closed('ended');
    await at.looked();
    expect(bringBack).not.toHaveBeenCalled();
    pass(10_000);
    await until(() => bringBack.mock.calls.length === 1);
    await at.close();
  });

  it.each([
    ['that ended', ended],
    ['that is to be hung up', { type: 'hang-up-requested' }],
  ] as const)('is not, of a call %s', async (_what, event) => {
    const bringBack = brought();
    const at = await carried('meeting', { redirectCall: bringBack });
    const ear = await at.connect();
    await transact((tx) => applyLegEvent(tx, at.legId, event, Date.now()));
    ear.closed('broken');
    await at.looked();
    expect(bringBack).not.toHaveBeenCalled();
    await at.close();
  });

  it('is not, when the old sound ends after the new one began', async () => {
    const bringBack = brought();
    const at = await carried('meeting', { redirectCall: bringBack });
    const old = await at.connect();
    await at.connect();
    old.closed('broken');
    await at.looked();
    expect(bringBack).not.toHaveBeenCalled();
    await at.close();
  });

  it('is not, while what is said first is said to it for the first time', async () => {
    const bringBack = brought();
    const { monotonicMs, pass } = stoppedTime();
    const at = await carried('meeting', { redirectCall: bringBack }, { monotonicMs });
    await at.answered();
    pass(60_000);
    await at.looked();
    expect(bringBack).not.toHaveBeenCalled();
    await at.close();
  });

  it('is told why, and hung up, where there is no place for it, instead of asking again and again', async () => {
    const bringBack = brought();
    const at = await carried('meeting', { redirectCall: bringBack });
    at.fill();
    expect(await at.refused()).toBe(true);
    expect(bringBack).toHaveBeenCalledExactlyOnceWith(at.legId, CALL);
    expect((await legOf(at.legId)).state).toMatchObject({
      how: 'room-full',
      reason: 'This meeting is full.',
    });
    expect(await at.answered({ noticePlayed: true, attempts: 0 })).toEqual({
      next: 'hang-up',
      say: ['This meeting is full.', SPOKEN.tryLater],
    });
    await at.close();
  });

  it('learns it by itself, when the network does not fetch it', async () => {
    const at = await carried('meeting', { redirectCall: () => Promise.reject(new Error('no network')) });
    at.fill();
    expect(await at.refused()).toBe(true);
    expect((await at.answered({ noticePlayed: true, attempts: 0 })).say).toContain('This meeting is full.');
    await at.close();
  });

  it('is not, by a process that stops', async () => {
    const bringBack = brought();
    const at = await carried('meeting', { redirectCall: bringBack });
    const ear = await at.connect();
    await at.close();
    ear.closed('broken');
    await settled(at.conversation.id);
    expect(bringBack).not.toHaveBeenCalled();
  });
});

/** A call that a process carried which died: its telephone was in. */
const left = async (at: ReturnType<typeof house>, holder: string, leaseMs: number) => {
  const conversation = await begun('call');
  const legId = await withLeg(
    at,
    conversation,
    'callee',
    { type: 'dialled', callId: CALL },
    { type: 'answered' },
  );
  await transact(async (tx) => {
    await tx.saveMeetingParty(conversation.id, 0, { personId: phonePersonId(legId), name: 'Ben' });
    await tx.takeLease(conversation.id, { holder, url: 'https://parley.example' }, leaseMs);
  });
  return { id: conversation.id, legId };
};

describe('after a start', () => {
  it('telephones that were in are brought back as soon as media are there, and no others', async () => {
    const bringBack = brought();
    let missing: string | null = 'Media are starting.';
    const { rooms, ...first } = await carried('call');
    await first.close();
    // Nobody heard anything of this one yet.
    const at = house({ phone: { redirectCall: bringBack }, rooms, missing: () => missing });
    const mine = await left(at, 'one', 60_000);
    const others = await left(at, 'another', 60_000);
    const resuming = at.live.resume();
    missing = null;
    await resuming;
    await until(() => bringBack.mock.calls.some(([legId]) => legId === mine.legId));
    const legs = bringBack.mock.calls.map(([legId]) => legId);
    expect(legs).not.toContain(others.legId);
    expect(legs).not.toContain(first.legId);
    await at.live.close();
  });

  it('one that just asked what now by itself is not', async () => {
    const bringBack = brought();
    const { rooms, ...first } = await carried('call');
    await first.close();
    const at = house({ phone: { redirectCall: bringBack }, rooms });
    const { id, legId } = await left(at, 'one', 60_000);
    await createPhoneEvents(at.ports).answered(legId, CALL, AT_FIRST);
    await at.live.resume();
    at.live.legsChanged(id);
    await settled(id);
    expect(bringBack.mock.calls.map(([leg]) => leg)).not.toContain(legId);
    await at.live.close();
  });

  it('those of a copy that died are, by whoever watches the call, once its lease is over', async () => {
    const bringBack = brought();
    const { rooms, ...first } = await carried('call');
    await first.close();
    const at = house({ phone: { redirectCall: bringBack }, rooms });
    const { id, legId } = await left(at, 'another', 50);
    const handler = watchMeetingHandler(at.ports);
    await until(
      async () => {
        await handler.run({ name: 'watch-meeting', conversationId: id }, job);
        return bringBack.mock.calls.some(([leg]) => leg === legId);
      },
      { everyMs: 20 },
    );
    await at.live.close();
  });

  it('a recording that was begun and not noted goes on, and no second one begins', async () => {
    const findRecording = vi.fn<Phone['findRecording']>(async () => RECORDING);
    const { rooms, ...first } = await carried('call');
    await first.close();
    const at = house({ phone: { redirectCall: brought(), findRecording }, rooms });
    const { legId } = await left(at, 'one', 60_000);
    await createPhoneEvents(at.ports).connect(legId, CALL, { play: () => {}, removed: () => {} });
    await until(async () => (await legOf(legId)).recording !== null, { what: 'it is noted' });
    expect((await legOf(legId)).recording).toEqual({ id: RECORDING, state: 'running', beganAtMs: null });
    await at.live.close();
  });
});
