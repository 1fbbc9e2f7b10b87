import { describe, expect, it, vi } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { LegEvent } from '../../../src/core/calls/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { Phone } from '../../../src/core/ports.ts';
import { dialInto } from '../../../src/flows/meetings/phones/dial-out.ts';
import { endMeeting } from '../../../src/flows/meetings/phones/legs.ts';
import { CALLS } from '../../../src/flows/sentences.ts';
import { CALL, CONTEXT, createLegStage, hungUp, NO_PROGRESS } from '../support/legs.ts';
import { ANA, workspaceId } from '../support/stage.ts';

const _MEDIA_ARE_STARTING = 'Media are starting.';

describe('a phone that is to be dialled', () => {
  it('is not, into a meeting that ended as it was requested', async () => {
    const { instance, addMeeting, transact, clock, jobs } = createLegStage();
    const { options } = instance();
    const conversation = await addMeeting('meeting');
    await transact((tx) => endMeeting(tx, conversation.id, { by: null, atMs: clock.nowMs() }));
    const before = jobs().length;
    expect(await dialInto(options, conversation, ANA, '+44 20 7946 0000')).toBe(
      CALLS.noPhoneIntoEnded('meeting'),
    );
    expect(await transact((tx) => tx.legsOf(conversation.id))).toEqual([]);
    expect(jobs()).toHaveLength(before);
  });

  it('is not, when it was hung up while Parley was away', async () => {
    const { instance, addMeeting, addLeg, leg, clock } = createLegStage();
    const { handlers } = instance({ find: async () => null });
    const events = [{ type: 'dial-started' }, { type: 'hang-up-requested' }] as const;
    const legId = await addLeg(await addMeeting(), 'callee', ...events);
    const dialled = handlers['dial-leg'].run({ name: 'dial-leg', legId }, CONTEXT);
    await clock.advance(5_000);
    await dialled;
    expect((await leg(legId)).state).toMatchObject({ name: 'ended', how: 'cancelled' });
  });

  it('is not dialled again when its call is listed late, is reported meanwhile, or is hung up meanwhile', async () => {
    const { instance, addMeeting, addLeg, leg, apply, clock } = createLegStage();
    const dialAgain = async (find: Phone['find'], ...meanwhile: readonly LegEvent[]) => {
      const { handlers } = instance({ find });
      const legId = await addLeg(await addMeeting(), 'callee', { type: 'dial-started' });
      const dialled = handlers['dial-leg'].run({ name: 'dial-leg', legId }, CONTEXT);
      await clock.advance(1_000);
      for (const event of meanwhile) await apply(legId, event);
      await clock.advance(4_000);
      await dialled;
      return leg(legId);
    };
    const late = vi.fn<Phone['find']>(async () => CALL).mockResolvedValueOnce(null);
    expect(await dialAgain(late)).toMatchObject({ callId: CALL });
    const reported = await dialAgain(async () => null, { type: 'dialled', callId: CALL });
    expect(reported).toMatchObject({ callId: CALL });
    const cancelled = await dialAgain(async () => null, { type: 'hang-up-requested' });
    expect(cancelled.state).toMatchObject({ name: 'ended', how: 'cancelled' });
  });

  it('is hung up when it was hung up while Parley was away, and rings all the same', async () => {
    const { instance, addMeeting, addLeg, leg, jobs } = createLegStage();
    const { handlers } = instance({ find: async () => CALL });
    const events = [{ type: 'dial-started' }, { type: 'hang-up-requested' }] as const;
    const legId = await addLeg(await addMeeting(), 'callee', ...events);
    await handlers['dial-leg'].run({ name: 'dial-leg', legId }, CONTEXT);
    expect(await leg(legId)).toMatchObject({ callId: CALL, hangUpRequested: true });
    expect(jobs()).toContainEqual({ name: 'reconcile-leg', legId });
  });

  it('is ended by the network itself only after the longest time that it may last here', async () => {
    const { instance, addMeeting, addLeg } = createLegStage();
    const dial = vi.fn<Phone['dial']>(async () => CALL);
    const { handlers, options } = instance({ dial });
    const legId = await addLeg(await addMeeting(), 'callee');
    await handlers['dial-leg'].run({ name: 'dial-leg', legId }, CONTEXT);
    const { maxDurationMs } = options.calls!.limits;
    expect(dial.mock.calls[0]![0].maxDurationMs).toBeGreaterThan(maxDurationMs + 30_000);
  });

  describe('while the network is away', () => {
    const away = new AppError({ code: 'call-failed', retryable: true, userMessage: 'The network is away.' });
    const staged = async (phone: Partial<Phone>, role: 'callee' | 'caller' = 'callee') => {
      const stage = createLegStage();
      const { handlers, phoneEvents } = stage.instance(phone);
      const conversation = await stage.addMeeting();
      const legId = await stage.addLeg(conversation, role);
      const job = { name: 'dial-leg', legId } as const;
      return {
        ...stage,
        phoneEvents,
        conversation,
        legId,
        run: () => handlers['dial-leg'].run(job, CONTEXT),
      };
    };
    /** Runs the job as the queue does, until it enqueues no other. */
    const runAll = async ({ run, jobs, clock }: Awaited<ReturnType<typeof staged>>): Promise<number> => {
      const startMs = clock.nowMs();
      const enqueued = () => jobs().filter(({ name }) => name === 'dial-leg').length;
      for (let before = -1; before < enqueued(); ) {
        before = enqueued();
        await run();
        if (enqueued() > before) await clock.advance(3_000);
      }
      return clock.nowMs() - startMs;
    };

    it('is tried for 30 s, searched for each time, and given up with the reason', async () => {
      const dial = vi.fn<Phone['dial']>(() => Promise.reject(away));
      const find = vi.fn<Phone['find']>(async () => null);
      const stage = await staged({ dial, find });
      expect(await runAll(stage)).toBe(30_000);
      expect(dial).toHaveBeenCalledTimes(10);
      expect(find).toHaveBeenCalledTimes(10);
      expect((await stage.leg(stage.legId)).state).toMatchObject({ how: 'failed', reason: away.userMessage });
      expect(await stage.stateOf(stage.conversation)).not.toBe('open');
    });

    it('is called once it is back', async () => {
      const dial = vi.fn<Phone['dial']>(async () => CALL).mockRejectedValueOnce(away);
      const stage = await staged({ dial, find: async () => null });
      await stage.run();
      await stage.clock.advance(3_000);
      await stage.run();
      expect(await stage.leg(stage.legId)).toMatchObject({ callId: CALL });
    });

    it('is not called by a Parley that starts again too late, and is taken over when it rings already', async () => {
      for (const known of [null, CALL]) {
        const stage = await staged({ find: async () => known });
        await stage.apply(stage.legId, { type: 'dial-started' });
        await stage.clock.advance(30_000);
        await stage.run();
        const { callId, state } = await stage.leg(stage.legId);
        expect(callId).toBe(known);
        if (known === null) expect(state).toMatchObject({ how: 'failed', reason: CALLS.notPlaced });
      }
    });

    it('has as long from when the caller’s own phone was answered', async () => {
      const stage = await staged({ dial: async () => CALL }, 'caller');
      const callee = await stage.addLeg(stage.conversation, 'callee');
      await stage.clock.advance(40_000);
      await stage.apply(stage.legId, { type: 'answered' });
      const { handlers } = stage.instance({ dial: async () => CALL });
      await handlers['dial-leg'].run({ name: 'dial-leg', legId: callee }, CONTEXT);
      expect(await stage.leg(callee)).toMatchObject({ callId: CALL });
    });

    it('is hung up when it rings after it was given up', async () => {
      const hangUp = vi.fn<Phone['hangUp']>(async () => {});
      const { apply, legId, phoneEvents, leg } = await staged({ hangUp });
      await apply(legId, { type: 'dial-started' });
      await apply(legId, { type: 'ended', how: 'failed', reason: away.userMessage });
      for (let time = 0; time < 2; time += 1) await phoneEvents.handleEvent(legId, CALL, { type: 'ringing' });
      expect(hangUp).toHaveBeenCalledExactlyOnceWith(CALL);
      expect((await leg(legId)).state).toMatchObject({ how: 'failed' });
    });
  });

  it('counts no longer when its call has no card', async () => {
    const { instance, addMeeting, addLeg, leg, stateOf } = createLegStage();
    const { handlers } = instance();
    const conversation = await addMeeting('call', { thread: null, state: { name: 'opening' } });
    const legs = [await addLeg(conversation, 'caller'), await addLeg(conversation, 'callee')];
    const error = new AppError({ code: 'unexpected', retryable: false, userMessage: 'No.' });
    await handlers['open-meeting'].gaveUp({ name: 'open-meeting', conversationId: conversation.id }, error);
    expect(await stateOf(conversation)).toBe('failed');
    for (const legId of legs) expect((await leg(legId)).endedAtMs).not.toBeNull();
  });

  it('is cancelled by a caller who hangs up their own phone before it is answered', async () => {
    const { addMeeting, addLeg, apply, leg, stateOf } = createLegStage();
    const conversation = await addMeeting();
    const caller = await addLeg(conversation, 'caller', { type: 'answered' });
    const callee = await addLeg(conversation, 'callee', { type: 'ringing' });
    await apply(caller, hungUp);
    expect(await stateOf(conversation)).toBe('ended');
    expect((await leg(callee)).hangUpRequested).toBe(true);
  });

  it('rings on when the caller joined by browser meanwhile', async () => {
    const { addMeeting, addLeg, apply, leg, stateOf, transact } = createLegStage();
    const conversation = await addMeeting();
    const caller = await addLeg(conversation, 'caller', { type: 'answered' });
    const callee = await addLeg(conversation, 'callee', { type: 'ringing' });
    await transact((tx) => tx.saveMeetingParty(conversation.id, 0, { personId: ANA, name: 'Ana' }));
    await apply(caller, hungUp);
    expect(await stateOf(conversation)).toBe('open');
    expect((await leg(callee)).hangUpRequested).toBe(false);
  });
});

describe('a phone in a call', () => {
  it('has ended when no phone provider is configured any more', async () => {
    const { instance, addMeeting, addLeg, leg } = createLegStage();
    const { handlers } = instance({}, { calls: null });
    const legId = await addLeg(await addMeeting('meeting'), 'added', { type: 'answered' });
    await handlers['reconcile-leg'].run({ name: 'reconcile-leg', legId }, CONTEXT);
    expect((await leg(legId)).state).toMatchObject({ name: 'ended', how: 'failed', reason: CALLS.noPhones });
  });

  it('is hung up although its room cannot be opened here', async () => {
    const { instance, addMeeting, addLeg, leg, stateOf } = createLegStage();
    const opening = Promise.withResolvers<never>();
    const rooms = { unavailableReason: () => null, open: () => opening.promise };
    const { meetings, requests } = instance({}, { rooms });
    const conversation = await addMeeting();
    const legId = await addLeg(conversation, 'callee', { type: 'dialled', callId: CALL });
    const hosting = meetings.host(conversation.id);
    expect(await requests.hangUp(conversation.id, workspaceId, ANA)).toEqual({ outcome: 'accepted' });
    // Stored before it is answered, whatever becomes of the room.
    expect(await stateOf(conversation)).toBe('ending');
    expect((await leg(legId)).hangUpRequested).toBe(true);
    opening.reject(new AppError({ code: 'unexpected', retryable: true, userMessage: 'No worker.' }));
    await expect(hosting).rejects.toThrow();
  });
});

describe('a phone that is to be hung up', () => {
  /** Reconciled any number of times, while the network says that the call is active. */
  const addReconciled = async (phone: Partial<Phone>, ...events: readonly LegEvent[]) => {
    const requests: string[] = [];
    const { instance, addMeeting, addLeg, clock, apply } = createLegStage();
    const { handlers, phoneEvents } = instance({
      fetchCall: async () => ({ state: 'answered' }),
      redirectCall: async () => requests.push('redirect') > 0,
      hangUp: async () => void requests.push('hang up'),
      ...phone,
    });
    const dialled = { type: 'dialled', callId: CALL } as const;
    const legId = await addLeg(await addMeeting('meeting'), 'added', dialled, ...events);
    return {
      requests,
      apply: (event: LegEvent) => apply(legId, event),
      answered: () => phoneEvents.answered(legId, CALL, NO_PROGRESS),
      reconcile: async (afterMs = 0) => {
        await clock.advance(afterMs);
        await handlers['reconcile-leg'].run({ name: 'reconcile-leg', legId }, CONTEXT);
      },
      clock,
    };
  };
  const hangUpRequested = { type: 'hang-up-requested' } as const;

  it('hears so once, and is hung up without a word if it is there all the same', async () => {
    const { reconcile, requests, answered } = await addReconciled({}, { type: 'answered' }, hangUpRequested);
    await Promise.all([reconcile(), reconcile()]);
    await reconcile(3_000);
    expect(requests).toEqual(['redirect']);
    expect(await answered()).toEqual({ next: 'hang-up', say: [SPOKEN.hungUp] });
    await reconcile(15_000);
    expect(requests).toEqual(['redirect', 'hang up']);
  });

  it.each<[string, Partial<Phone>, ...LegEvent[]]>([
    ['while it rings', {}, { type: 'ringing' }],
    ['and is a mailbox', {}, { type: 'answered-by', by: 'machine' }],
    ['and the network fails', { redirectCall: () => Promise.reject(new Error('no')) }, { type: 'answered' }],
  ])('is hung up at once %s', async (_what, phone, ...events) => {
    const { reconcile, requests } = await addReconciled(phone, ...events, hangUpRequested);
    await reconcile();
    expect(requests).toEqual(['hang up']);
  });

  it('because it has reached the time limit, hears that', async () => {
    const { reconcile, requests, answered, clock } = await addReconciled({}, { type: 'answered' });
    await clock.advance(60_000);
    await reconcile();
    await reconcile();
    expect(requests).toEqual(['redirect']);
    expect(await answered()).toEqual({ next: 'hang-up', say: [SPOKEN.tooLong] });
  });
});
