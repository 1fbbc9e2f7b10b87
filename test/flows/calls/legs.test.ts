import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { LegEvent } from '../../../src/core/calls/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { RecordingId } from '../../../src/core/ids.ts';
import type { AnswerProgress, CallInstruction, Phone } from '../../../src/core/ports.ts';
import { dialLegHandler } from '../../../src/flows/calls/dial-leg.ts';
import { createPhoneEvents } from '../../../src/flows/calls/phone-events.ts';
import { reconcileLegHandler } from '../../../src/flows/calls/reconcile-leg.ts';
import { createCallRequests } from '../../../src/flows/calls/requests.ts';
import { openMeetingHandler } from '../../../src/flows/meetings/open-meeting.ts';
import { dialInto } from '../../../src/flows/meetings/phones/dial-out.ts';
import { applyLegEvent, endMeeting } from '../../../src/flows/meetings/phones/legs.ts';
import { meeting, workspaceId } from '../../storage/support/samples.ts';
import { until } from '../../support/until.ts';
import { ANN, AT_FIRST, CALL, RECORDING, telephoneStage } from '../support/phones.ts';

/** What happens between two steps of a telephone's life. */
const ended = { type: 'ended', how: 'hung-up', reason: null } as const;
const { house, begun, withLeg, legOf, stateOf, carried, transact } = telephoneStage();

const job = { attempt: 1, signal: new AbortController().signal };

describe('a telephone that is to be rung', () => {
  it('is not, into a meeting that ended as it was asked for', async () => {
    const at = house();
    const conversation = await begun('meeting');
    await transact((tx) => endMeeting(tx, conversation.id, { by: null, atMs: Date.now() }));
    expect(await dialInto(at.ports, conversation, ANN, '+44 20 7946 0000')).toMatch(/This meeting has ended/);
    expect(await transact((tx) => tx.legsOf(conversation.id))).toEqual([]);
    expect(at.jobs).toEqual([]);
  });

  it('is not, when it was hung up while Parley was away', async () => {
    const at = house({ phone: { find: async () => null } });
    const conversation = await begun();
    const legId = await withLeg(
      at,
      conversation,
      'callee',
      { type: 'dial-started' },
      { type: 'hang-up-requested' },
    );
    await dialLegHandler(at.ports).run({ name: 'dial-leg', legId }, job);
    expect((await legOf(legId)).state).toMatchObject({ name: 'ended', how: 'cancelled' });
  });

  it('is hung up by its tender, when it was hung up while Parley was away and rings all the same', async () => {
    const at = house({ phone: { find: async () => CALL } });
    const conversation = await begun();
    const legId = await withLeg(
      at,
      conversation,
      'callee',
      { type: 'dial-started' },
      { type: 'hang-up-requested' },
    );
    await dialLegHandler(at.ports).run({ name: 'dial-leg', legId }, job);
    expect(await legOf(legId)).toMatchObject({ callId: CALL, hangUpRequested: true });
    expect(at.jobs).toContainEqual({ name: 'reconcile-leg', legId });
  });

  it('is ended by the network itself only when it was on for longer than it may be here', async () => {
    const dial = vi.fn<Phone['dial']>(async () => CALL);
    const at = house({ phone: { dial } });
    const legId = await withLeg(at, await begun(), 'callee');
    await dialLegHandler(at.ports).run({ name: 'dial-leg', legId }, job);
    expect(dial.mock.calls[0]![0].maxDurationMs).toBeGreaterThan(at.calls.limits.maxDurationMs + 30_000);
  });

  it('is counted no longer when its call has no card', async () => {
    const at = house();
    const id = randomUUID();
    const conversation = meeting(id, { kind: 'call', thread: null, state: { name: 'opening' } });
    await transact((tx) => tx.addConversation(conversation, id));
    const legs = [await withLeg(at, conversation, 'caller'), await withLeg(at, conversation, 'callee')];
    const error = new AppError({ code: 'unexpected', retryable: false, userMessage: 'No.' });
    await openMeetingHandler(at.ports).gaveUp(
      { name: 'open-meeting', conversationId: conversation.id },
      error,
    );
    expect(await stateOf(conversation)).toBe('failed');
    for (const leg of legs) expect((await legOf(leg)).endedAtMs).not.toBeNull();
  });

  it('is called off by whoever hangs up their own before it is answered', async () => {
    const at = house();
    const conversation = await begun();
    const own = await withLeg(at, conversation, 'caller', { type: 'answered' });
    const far = await withLeg(at, conversation, 'callee', { type: 'ringing' });
    await transact((tx) => applyLegEvent(tx, own, ended, Date.now()));
    expect(await stateOf(conversation)).toBe('ended');
    expect((await legOf(far)).hangUpRequested).toBe(true);
  });

  it('rings on when the caller came by browser meanwhile', async () => {
    const at = house();
    const conversation = await begun();
    const own = await withLeg(at, conversation, 'caller', { type: 'answered' });
    const far = await withLeg(at, conversation, 'callee', { type: 'ringing' });
    await transact(async (tx) => {
      await tx.saveMeetingParty(conversation.id, 0, { personId: ANN, name: 'Ann' });
      await applyLegEvent(tx, own, ended, Date.now());
    });
    expect(await stateOf(conversation)).toBe('open');
    expect((await legOf(far)).hangUpRequested).toBe(false);
  });
});

describe('a telephone in a call', () => {
  it('is over when there is no telephone network any more', async () => {
    const at = house({ calls: null });
    const conversation = await begun('meeting');
    const legId = await withLeg(at, conversation, 'added', { type: 'answered' });
    await reconcileLegHandler(at.ports).run({ name: 'reconcile-leg', legId }, job);
    expect((await legOf(legId)).state).toMatchObject({ name: 'ended', how: 'failed' });
  });

  it('is hung up although the meeting cannot be opened here, and the process stays well', async () => {
    const opening = Promise.withResolvers<never>();
    // Nobody renews it before the room is open.
    const at = house({ rooms: () => opening.promise, leaseMs: 60_000 });
    const conversation = await begun();
    const legId = await withLeg(at, conversation, 'callee', { type: 'dialled', callId: CALL });
    const carrying = at.live.host(conversation.id);
    const hungUp = createCallRequests(at.ports).hangUp(conversation.id, workspaceId, ANN);
    expect(await hungUp).toEqual({ outcome: 'accepted' });
    // Stored before it is acknowledged, whatever becomes of the room.
    expect(await stateOf(conversation)).toBe('ending');
    expect((await legOf(legId)).hangUpRequested).toBe(true);
    opening.reject(new AppError({ code: 'unexpected', retryable: true, userMessage: 'No worker.' }));
    await expect(carrying).rejects.toThrow();
  });
});

describe('a telephone that is to be hung up', () => {
  /** Tended as often as one likes, while the network says that it is on. */
  const tended = async (phone: Partial<Phone>, ...events: LegEvent[]) => {
    let nowMs = 0;
    const asked: string[] = [];
    const at = house({
      phone: {
        fetchCall: async () => ({ state: 'answered' }),
        redirectCall: async () => asked.push('farewell') > 0,
        hangUp: async () => void asked.push('hang up'),
        ...phone,
      },
      monotonicMs: () => nowMs,
    });
    const legId = await withLeg(
      at,
      await begun('meeting'),
      'added',
      { type: 'dialled', callId: CALL },
      ...events,
    );
    const handler = reconcileLegHandler(at.ports);
    return {
      asked,
      legId,
      answered: () => createPhoneEvents(at.ports).answered(legId, CALL, AT_FIRST),
      tend: (afterMs = 0) => {
        nowMs += afterMs;
        return handler.run({ name: 'reconcile-leg', legId }, job);
      },
    };
  };
  const hangUpRequested = { type: 'hang-up-requested' } as const;

  it('is told so once, and hung up without a word if it is there all the same', async () => {
    const { tend, asked, answered } = await tended({}, { type: 'answered' }, hangUpRequested);
    await Promise.all([tend(), tend()]);
    await tend(3_000);
    expect(asked).toEqual(['farewell']);
    expect(await answered()).toEqual({ next: 'hang-up', say: [SPOKEN.hungUp] });
    await tend(15_000);
    expect(asked).toEqual(['farewell', 'hang up']);
  });

  it.each<[string, Partial<Phone>, ...LegEvent[]]>([
    ['while it rings', {}, { type: 'ringing' }],
    ['and is a mailbox', {}, { type: 'answered-by', by: 'machine' }],
    ['and the network fails', { redirectCall: () => Promise.reject(new Error('no')) }, { type: 'answered' }],
  ])('is hung up at once %s', async (_what, phone, ...events) => {
    const { tend, asked } = await tended(phone, ...events, hangUpRequested);
    await tend();
    expect(asked).toEqual(['hang up']);
  });

  it('because it was on for as long as may be, is told that', async () => {
    const { tend, asked, legId, answered } = await tended({});
    await transact((tx) => applyLegEvent(tx, legId, { type: 'answered' }, Date.now() - 60_000));
    await tend();
    await tend();
    expect(asked).toEqual(['farewell']);
    expect(await answered()).toEqual({ next: 'hang-up', say: [SPOKEN.tooLong] });
  });
});

describe('a telephone that was answered', () => {
  it('waits for media that are just starting', async () => {
    let looks = 0;
    const missing = () => {
      looks += 1;
      return looks < 3 ? 'Media are starting.' : null;
    };
    const at = await carried('call', {}, { missing });
    expect(await at.answered()).toMatchObject({ next: 'connect', legId: at.legId });
    await at.close();
  });

  it('is asked to wait while they are not there yet, again and again, and hung up on in the end', async () => {
    let nowMs = 0;
    // A moment passes at each look.
    const monotonicMs = () => {
      nowMs += 1_000;
      return nowMs;
    };
    const at = await carried('call', {}, { missing: () => 'Media are starting.', monotonicMs });
    let so: AnswerProgress = AT_FIRST;
    const answers: CallInstruction[] = [];
    for (;;) {
      const answer = await at.answered(so);
      answers.push(answer);
      if (answer.next !== 'wait') break;
      so = answer.progress;
    }
    expect(answers.slice(0, 2).map(({ say }) => say)).toEqual([[SPOKEN.notReady], []]);
    expect(so.noticePlayed).toBe(false);
    const waitedMs = answers.reduce((sum, answer) => sum + (answer.next === 'wait' ? answer.forMs : 0), 0);
    expect(waitedMs).toBeGreaterThan(30_000);
    expect(waitedMs).toBeLessThan(90_000);
    expect(answers.at(-1)).toEqual({ next: 'hang-up', say: ['Media are starting.'] });
    await at.close();
  });

  it('is told what is said first once, also when its sound never connected then', async () => {
    const at = await carried('call');
    expect((await at.answered()).say[0]).toMatch(/recorded/);
    expect((await at.answered({ noticePlayed: true, attempts: 0 })).say).toEqual([SPOKEN.connected]);
    await at.connect();
    expect((await at.answered({ noticePlayed: true, attempts: 0 })).say).toEqual([SPOKEN.again]);
    await at.close();
  });

  it('declines also while media are not there, and is not told the same again after the wait', async () => {
    let looks = 0;
    const missing = () => (looks < 40 ? 'Media are starting.' : null);
    const monotonicMs = () => {
      looks += 1;
      return looks * 1_000;
    };
    const at = await carried('call', {}, { missing, monotonicMs });
    const answer = await createPhoneEvents(at.ports).keyPressed(at.legId, CALL, '9');
    expect(answer).toMatchObject({ next: 'wait', say: [SPOKEN.declined], progress: { noticePlayed: true } });
    expect((await legOf(at.legId)).declined).toBe(true);
    await at.close();
  });

  it.each([
    ['away', async () => ANN],
    ['slow', () => new Promise<string>(() => {})],
  ])('is told that it is recorded, also while the chat service is %s', async (_what, memberName) => {
    const at = await carried('call', {}, { memberName });
    const { say } = await at.answered();
    expect(say[0]).toMatch(/Someone is calling you .*recorded/);
    expect(say[0]).not.toContain(ANN);
    await at.close();
  });
});

describe('a telephone whose sound flows', () => {
  it('may decline in a meeting, and is not captioned from then on, also when the database is away for a moment', async () => {
    const at = await carried('meeting');
    const ear = await at.connect();
    at.failNext();
    ear.key('9');
    // At once: they may speak on, and the database may be away for long.
    expect(at.told).toContain('declined');
    await until(async () => (await legOf(at.legId)).declined, { what: 'that it is stored' });
    expect(at.told).not.toContain('captions stopped');
    await at.close();
  });

  it('stops the captions of a call at once when it declines', async () => {
    const at = await carried('call');
    const ear = await at.connect();
    at.failNext();
    ear.key('9');
    expect(at.told).toContain('captions stopped');
    await until(async () => (await legOf(at.legId)).declined, { what: 'that it is stored' });
    await at.close();
  });

  it('may break off and come back as often as it likes, and is not tended once more each time', async () => {
    const at = await carried('meeting');
    for (let times = 0; times < 5; times += 1) (await at.connect()).closed('ended');
    expect(at.told.filter((what) => what === 'left')).toHaveLength(5);
    await at.close();
    expect(at.jobs.filter(({ name }) => name === 'reconcile-leg')).toEqual([]);
  });

  it('is recorded once, also when its sound comes back before the network answered', async () => {
    const asked = vi.fn<Phone['startRecording']>(async () => RECORDING);
    const answer = Promise.withResolvers<RecordingId>();
    asked.mockReturnValueOnce(answer.promise);
    const at = await carried('call', { startRecording: asked });
    (await at.connect()).closed('ended');
    await at.connect();
    answer.resolve(RECORDING);
    await until(async () => (await legOf(at.legId)).recording !== null, { what: 'the recording is noted' });
    expect(asked).toHaveBeenCalledTimes(1);
    await at.close();
  });
});

describe('a meeting that cannot be ended as it should', () => {
  it('leaves its lease to run out, so that whoever watches it can', async () => {
    const at = await carried('meeting');
    await at.connect();
    at.failFor('finals-stored');
    await transact((tx) => endMeeting(tx, at.conversation.id, { by: ANN, atMs: Date.now() }));
    at.live.end(at.conversation.id, ANN);
    const expiredForMs = () =>
      transact(async (tx) => (await tx.lease(at.conversation.id))?.expiredForMs ?? Infinity);
    await until(async () => (await expiredForMs()) >= 0, { what: 'the lease is over' });
    expect(at.told).toContain('closed');
    await at.close();
  });
});

describe('a recording', () => {
  const began = { type: 'recording-began', recordingId: RECORDING, beganAtMs: 0 } as const;

  it.each([
    ['told of after the call', [{ type: 'answered' }, ended] satisfies LegEvent[]],
    ['that began as somebody declined', [{ type: 'answered' }, { type: 'declined' }] satisfies LegEvent[]],
  ])('%s is seen to', async (_what, events) => {
    const at = house();
    const legId = await withLeg(at, await begun(), 'callee', ...events);
    await at.store.transact((tx) => applyLegEvent(tx, legId, began, Date.now()));
    expect(at.jobs).toEqual([{ name: 'reconcile-leg', legId }]);
  });

  it('that just runs needs nobody', async () => {
    const at = house();
    const legId = await withLeg(at, await begun(), 'callee', { type: 'answered' });
    await at.store.transact((tx) => applyLegEvent(tx, legId, began, Date.now()));
    expect(at.jobs).toEqual([]);
  });

  it('that a process began and died is deleted, and not the one that counts', async () => {
    const deleted: RecordingId[] = [];
    const at = house({ phone: { deleteRecording: async (id) => void deleted.push(id) } });
    const dialled = { type: 'dialled', callId: CALL } as const;
    const legId = await withLeg(at, await begun(), 'callee', dialled, { type: 'answered' }, began);
    const calls = createPhoneEvents(at.ports);
    const stray = 'RE2' as RecordingId;
    for (const recordingId of [RECORDING, stray, RECORDING]) {
      await calls.handleEvent(legId, CALL, { type: 'recording-ready', recordingId });
    }
    expect(deleted).toEqual([stray]);
    expect((await legOf(legId)).recording).toMatchObject({ id: RECORDING, state: 'ready' });
  });
});
