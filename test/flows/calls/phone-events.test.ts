import { describe, expect, it, vi } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { LegEvent } from '../../../src/core/calls/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { RecordingId } from '../../../src/core/ids.ts';
import type { AnswerProgress, CallInstruction, Phone } from '../../../src/core/ports.ts';
import { CALLS, SOMEONE } from '../../../src/flows/sentences.ts';
import { CALL, createLegStage, HEARD_NOTICE, hungUp, NO_PROGRESS, RECORDING } from '../support/legs.ts';
import { ANA, settle } from '../support/stage.ts';

const MEDIA_ARE_STARTING = 'Media are starting.';

describe('a phone that was answered', () => {
  it('waits for media that are just starting', async () => {
    const { addAnswered, clock } = createLegStage();
    const { one, answered, legId } = await addAnswered('call');
    one.rooms.setUnavailable(MEDIA_ARE_STARTING);
    const instruction = answered();
    await clock.advance(1_000);
    one.rooms.setUnavailable(null);
    await clock.advance(250);
    expect(await instruction).toMatchObject({ next: 'connect', legId });
  });

  it('is asked to wait while they are not available, again and again, and hung up in the end', async () => {
    const { addAnswered, clock } = createLegStage();
    const { one, answered } = await addAnswered('call');
    one.rooms.setUnavailable(MEDIA_ARE_STARTING);
    let progress: AnswerProgress = NO_PROGRESS;
    const instructions: CallInstruction[] = [];
    for (;;) {
      const answering = answered(progress);
      await clock.advance(3_000);
      const instruction = await answering;
      instructions.push(instruction);
      if (instruction.next !== 'wait') break;
      ({ progress } = instruction);
    }
    expect(instructions.slice(0, 2).map(({ say }) => say)).toEqual([[SPOKEN.notReady], []]);
    expect(progress.noticePlayed).toBe(false);
    const waits = instructions.map((instruction) => (instruction.next === 'wait' ? instruction.forMs : 0));
    const waitedMs = waits.reduce((sum, ms) => sum + ms, 0);
    expect(waitedMs).toBeGreaterThan(30_000);
    expect(waitedMs).toBeLessThan(90_000);
    expect(instructions.at(-1)).toEqual({ next: 'hang-up', say: [MEDIA_ARE_STARTING] });
  });

  it('hears the notice once, also when its audio never connected after it', async () => {
    const startRecording = async () => RECORDING;
    const { addAnswered, clock } = createLegStage();
    const { answered, connect } = await addAnswered('call', { startRecording });
    expect((await answered()).say[0]).toMatch(/recorded/);
    expect((await answered(HEARD_NOTICE)).say).toEqual([SPOKEN.connected]);
    await connect();
    await settle(clock);
    expect((await answered(HEARD_NOTICE)).say).toEqual([SPOKEN.again]);
  });

  it('declines also while media are not available, and hears no notice after the wait', async () => {
    const { addAnswered, clock, leg } = createLegStage();
    const { one, legId } = await addAnswered('call');
    one.rooms.setUnavailable(MEDIA_ARE_STARTING);
    const pressing = one.phoneEvents.keyPressed(legId, CALL, '9');
    await clock.advance(3_000);
    expect(await pressing).toMatchObject({
      next: 'wait',
      say: [SPOKEN.declined],
      progress: { noticePlayed: true },
    });
    expect((await leg(legId)).declined).toBe(true);
  });

  it.each([
    ['away', async () => ANA],
    ['slow', () => new Promise<string>(() => {})],
  ])('hears that it is recorded, also while the chat service is %s', async (_what, memberName) => {
    const stage = createLegStage();
    const { answered } = await stage.addAnswered('call', {}, { chat: { ...stage.chat, memberName } });
    const instruction = answered();
    await stage.clock.advance(2_000);
    const { say } = await instruction;
    expect(say[0]).toMatch(new RegExp(`${SOMEONE} is calling you .*recorded`));
    expect(say[0]).not.toContain(ANA);
  });
});

describe('a phone whose audio never connects', () => {
  const progressAfter = (connects: number, attempts = 0) => ({ noticePlayed: true, attempts, connects });
  const failed = (connects: number) => ({ type: 'audio-failed', progress: progressAfter(connects) }) as const;

  it('is told three times to connect, and then hung up with a sentence on both sides', async () => {
    const { addAnswered, leg, stateOf } = createLegStage();
    const { conversation, answered, legId } = await addAnswered('call');
    expect(await answered()).toMatchObject({ next: 'connect', progress: progressAfter(1) });
    for (const connects of [1, 2]) {
      expect(await answered(progressAfter(connects))).toMatchObject({
        next: 'wait',
        say: [SPOKEN.notReady],
        progress: progressAfter(connects, 1),
      });
      const again = { next: 'connect', say: [], progress: progressAfter(connects + 1) };
      expect(await answered(progressAfter(connects, 1))).toMatchObject(again);
    }
    expect(await answered(progressAfter(3))).toEqual({ next: 'hang-up', say: [SPOKEN.noAudio] });
    expect((await leg(legId)).state).toMatchObject({ how: 'failed', reason: CALLS.noAudio });
    expect(await stateOf(conversation)).not.toBe('open');
  });

  it('tries again as soon as the network reports it', async () => {
    const redirectCall = vi.fn<Phone['redirectCall']>(async () => true);
    const { addAnswered } = createLegStage();
    const { one, legId } = await addAnswered('call', { redirectCall });
    await one.phoneEvents.handleEvent(legId, CALL, failed(1));
    expect(redirectCall).toHaveBeenCalledExactlyOnceWith(legId, CALL, progressAfter(1));
  });

  it('is said to have had none when it hangs up meanwhile', async () => {
    const { addAnswered, leg } = createLegStage();
    const { one, legId } = await addAnswered('call', { redirectCall: async () => true });
    await one.phoneEvents.handleEvent(legId, CALL, failed(1));
    await one.phoneEvents.handleEvent(legId, CALL, hungUp);
    expect((await leg(legId)).state).toMatchObject({ how: 'failed', reason: CALLS.noAudio });
  });

  it('is left to reconnect by itself once it had been connected, however often', async () => {
    const startRecording = async () => RECORDING;
    const { addAnswered, leg, clock } = createLegStage();
    const { one, legId, connect, answered } = await addAnswered('call', { startRecording });
    await connect();
    await settle(clock);
    // `redirectCall` is not expected.
    await one.phoneEvents.handleEvent(legId, CALL, failed(1));
    expect(await answered(progressAfter(7))).toMatchObject({ next: 'connect', say: [SPOKEN.again] });
    await one.phoneEvents.handleEvent(legId, CALL, hungUp);
    expect((await leg(legId)).state).toMatchObject({ how: 'hung-up', reason: null });
  });
});

describe('a phone whose audio flows', () => {
  const away = new AppError({ code: 'unexpected', retryable: true, userMessage: 'Away.' });
  const startRecording = async () => RECORDING;

  it.each(['meeting', 'call'] as const)(
    'declines in a %s at once, and is stored when the database is back',
    async (kind) => {
      const { addAnswered, setStoreFault, clock, leg } = createLegStage();
      const { connect, room, legId } = await addAnswered(kind, { startRecording });
      const input = await connect();
      await clock.advance(1_000);
      setStoreFault((tx) => ({ ...tx, saveLeg: () => Promise.reject(away) }));
      input.key('9');
      expect(room().phone(legId).consented).toBe(false);
      // In a meeting only they are not transcribed from then on.
      expect(room().captionsStopped).toBe(kind === 'call' ? CALLS.declined('Ben') : null);
      await clock.advance(2_000);
      expect((await leg(legId)).declined).toBe(false);
      setStoreFault(null);
      await clock.advance(2_000);
      expect((await leg(legId)).declined).toBe(true);
    },
  );

  it('has the light of a recording on before the network is asked, and off only once it stopped', async () => {
    const seen: string[] = [];
    const { addAnswered, clock, leg } = createLegStage();
    const { connect, room, legId } = await addAnswered('call', {
      recordingsOf: async () => [],
      startRecording: async () => {
        seen.push(`asked, light ${room().calls.at(-1)?.recording.name}`);
        return RECORDING;
      },
    });
    const input = await connect();
    await clock.advance(1_000);
    expect(seen).toEqual(['asked, light running']);
    expect((await leg(legId)).recording?.state).toBe('running');
    input.key('9');
    expect(room().calls.at(-1)?.recording).toEqual({ name: 'stopping', declinedBy: 'Ben' });
  });

  it('has no light of a recording that the network refuses', async () => {
    const refused = new AppError({ code: 'call-refused', retryable: false, userMessage: 'No.' });
    const { addAnswered, clock } = createLegStage();
    const { connect, room } = await addAnswered('call', {
      recordingsOf: async () => [],
      startRecording: () => Promise.reject(refused),
    });
    await connect();
    await clock.advance(60_000);
    expect(room().calls.at(-1)?.recording).toEqual({ name: 'none' });
  });

  it('may be interrupted any number of times, and enqueues no job each time', async () => {
    const { addAnswered, jobs, clock } = createLegStage();
    const { connect, room } = await addAnswered('meeting');
    for (let times = 0; times < 5; times += 1) {
      (await connect()).closed('ended');
      expect(room().participants).toEqual([]);
    }
    await settle(clock);
    expect(jobs().filter(({ name }) => name === 'reconcile-leg')).toEqual([]);
  });

  it('is recorded once, also when it reconnects before the network answered', async () => {
    const answer = Promise.withResolvers<RecordingId>();
    const start = vi.fn<Phone['startRecording']>(() => answer.promise);
    const { addAnswered, clock, leg } = createLegStage();
    const { connect, legId } = await addAnswered('call', {
      recordingsOf: async () => [],
      startRecording: start,
    });
    (await connect()).closed('ended');
    await settle(clock);
    await connect();
    answer.resolve(RECORDING);
    await settle(clock);
    expect((await leg(legId)).recording).toMatchObject({ id: RECORDING, state: 'running' });
    expect(start).toHaveBeenCalledTimes(1);
  });
});

describe('a recording', () => {
  const began = { type: 'recording-began', recordingId: RECORDING, beganAtMs: 0 } as const;
  const dialled = { type: 'dialled', callId: CALL } as const;

  it.each([
    ['that becomes known after the call', [{ type: 'answered' }, hungUp]],
    ['that began as someone declined', [{ type: 'answered' }, { type: 'declined' }]],
  ] satisfies [string, LegEvent[]][])('%s is reconciled', async (_what, events) => {
    const { addMeeting, addLeg, apply, jobs } = createLegStage();
    const legId = await addLeg(await addMeeting(), 'callee', ...events);
    const before = jobs().length;
    await apply(legId, began);
    expect(jobs().slice(before)).toEqual([{ name: 'reconcile-leg', legId }]);
  });

  it('of a call that goes on needs nothing', async () => {
    const { addMeeting, addLeg, apply, jobs } = createLegStage();
    const legId = await addLeg(await addMeeting(), 'callee', { type: 'answered' });
    await apply(legId, began);
    expect(jobs()).toEqual([]);
  });

  it('that a process began as it died is reconciled, and so is one that was thought to be deleted', async () => {
    const { instance, addMeeting, addLeg, leg, jobs, apply } = createLegStage();
    const { phoneEvents } = instance();
    const legId = await addLeg(await addMeeting(), 'callee', dialled, { type: 'answered' }, began);
    const stray = 'RE2' as RecordingId;
    const completed = (recordingId: RecordingId) =>
      phoneEvents.handleEvent(legId, CALL, { type: 'recording-ready', recordingId });
    await completed(RECORDING);
    expect(jobs()).toEqual([]);
    await completed(stray);
    expect((await leg(legId)).recording).toMatchObject({ id: RECORDING, state: 'ready' });
    const job = { name: 'reconcile-leg', legId };
    expect(jobs()).toEqual([job]);
    await apply(legId, { type: 'recording-deleted' });
    await completed(RECORDING);
    expect(jobs()).toEqual([job, job]);
  });
});
