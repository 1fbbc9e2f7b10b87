import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/calls/settings.ts';
import type { LegEvent } from '../../../src/core/calls/types.ts';
import type { MeetingState } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { RecordingId } from '../../../src/core/ids.ts';
import type { CallRecording, Phone } from '../../../src/core/ports.ts';
import { buildEndedCard, postCard } from '../../../src/flows/meetings/card.ts';
import { CALLS } from '../../../src/flows/sentences.ts';
import { CALL, CONTEXT, createLegStage, hungUp, RECORDING } from '../support/legs.ts';
import { channelId, workspaceId } from '../support/stage.ts';

const ready = [
  { type: 'dialled', callId: CALL },
  { type: 'answered' },
  { type: 'recording-ready', recordingId: RECORDING },
] as const satisfies LegEvent[];

/** A call with a recording, whose card is posted. `listed`: what the network has of it. */
const addRecorded = async (
  state: MeetingState,
  setUp: {
    readonly events?: readonly LegEvent[];
    readonly phone?: Partial<Phone>;
    readonly listed?: readonly CallRecording[];
  } = {},
) => {
  const { events = [...ready, hungUp], phone = {} } = setUp;
  const stage = createLegStage();
  const deleted: RecordingId[] = [];
  const stopped: RecordingId[] = [];
  let listed = setUp.listed ?? [{ id: RECORDING, state: 'ready' }];
  const one = stage.instance({
    fetchCall: async () => ({ state: 'answered' }),
    recordingsOf: async () => listed,
    deleteRecording: async (id) => {
      deleted.push(id);
      listed = listed.filter((one) => one.id !== id);
    },
    stopRecording: async (_callId, id) => void stopped.push(id),
    ...phone,
  });
  const conversation = await stage.addMeeting('call', { state, startedAtMs: 1, endedAtMs: 2 });
  const legId = await stage.addLeg(conversation, 'callee', ...events);
  await postCard(
    one.options,
    conversation,
    buildEndedCard(conversation, {
      legs: [],
      dialIn: null,
      recording: { name: 'none' },
      captionsOn: true,
      kept: false,
    }),
  );
  const job = { name: 'reconcile-leg', legId } as const;
  return {
    ...stage,
    conversation,
    deleted,
    stopped,
    list: (...now: readonly CallRecording[]) => {
      listed = now;
    },
    keepRecordings: () =>
      stage.transact((tx) => tx.saveCallSettings(workspaceId, { ...DEFAULT_SETTINGS, recordings: 'keep' })),
    reconcile: () => one.handlers['reconcile-leg'].run(job, CONTEXT),
    giveUp: (error: AppError) => one.handlers['reconcile-leg'].gaveUp(job, error),
    recordingState: async () => (await stage.leg(legId)).recording?.state,
    remarks: () => {
      const card = stage.chat.messages({ workspaceId, channelId }).at(-1)!.message;
      return card?.kind === 'call-card' ? card.remarks : null;
    },
    job,
    legId,
  };
};
const declinedWhileRecorded = [
  { type: 'dialled', callId: CALL },
  { type: 'answered' },
  { type: 'recording-began', recordingId: RECORDING, beganAtMs: 0 },
  { type: 'declined' },
] as const satisfies LegEvent[];
const away = new AppError({ code: 'call-failed', retryable: true, userMessage: 'Away.' });

const because = 'channel-archived' as const;
const OVER: MeetingState[] = [
  { name: 'transcribed' },
  { name: 'published', atMs: 1, inFile: false },
  { name: 'undelivered', because, sent: false },
  { name: 'undelivered', because, sent: true },
  { name: 'failed', code: 'no-speech', message: 'Nothing.' },
];

describe('the recording of a call', () => {
  it.each(OVER)('is deleted when the call is $name, and the card says so', async (state) => {
    const { reconcile, deleted, recordingState, remarks } = await addRecorded(state);
    await reconcile();
    expect(deleted).toEqual([RECORDING]);
    expect(await recordingState()).toBe('deleted');
    expect(remarks()).toEqual([CALLS.recordingDeleted]);
    await reconcile();
    expect(deleted).toEqual([RECORDING]);
  });

  it.each(OVER)('is kept when the call is $name, where the workspace keeps them', async (state) => {
    const { reconcile, keepRecordings, deleted, recordingState, remarks } = await addRecorded(state);
    await keepRecordings();
    await reconcile();
    expect(deleted).toEqual([]);
    expect(await recordingState()).toBe('kept');
    expect(remarks()).toEqual([CALLS.recordingKept]);
  });

  it('is neither before the call is transcribed', async () => {
    const { reconcile, deleted, recordingState } = await addRecorded({ name: 'ended' });
    await reconcile();
    expect(deleted).toEqual([]);
    expect(await recordingState()).toBe('ready');
  });

  it('that still runs is stopped at once when someone declines, and deleted once it is complete', async () => {
    const listed = [{ id: RECORDING, state: 'running' }] as const;
    const call = await addRecorded({ name: 'open' }, { events: declinedWhileRecorded, listed });
    const { reconcile, stopped, deleted, recordingState, list, jobs, job } = call;
    const before = jobs().length;
    await reconcile();
    expect([stopped, deleted]).toEqual([[RECORDING], []]);
    expect(await recordingState()).toBe('running');
    expect(jobs().slice(before)).toEqual([job]);
    list({ id: RECORDING, state: 'ready' });
    await reconcile();
    expect(deleted).toEqual([RECORDING]);
    expect(await recordingState()).toBe('deleted');
  });

  it('that is not listed yet as someone declines is stopped, and deleted once it is listed', async () => {
    const { reconcile, stopped, deleted, recordingState, list } = await addRecorded(
      { name: 'open' },
      { events: declinedWhileRecorded, listed: [] },
    );
    await reconcile();
    expect(stopped).toEqual([RECORDING]);
    expect(await recordingState()).toBe('running');
    list({ id: RECORDING, state: 'ready' });
    await reconcile();
    expect(deleted).toEqual([RECORDING]);
    expect(await recordingState()).toBe('deleted');
  });

  it('that the network never lists does not exist, a minute after its call', async () => {
    const { reconcile, recordingState, clock } = await addRecorded(
      { name: 'published', atMs: 1, inFile: false },
      { listed: [], phone: { stopRecording: async () => {} } },
    );
    await reconcile();
    expect(await recordingState()).toBe('ready');
    await clock.advance(60_000);
    await reconcile();
    expect(await recordingState()).toBe('deleted');
  });

  it('is deleted with one that a process began and never stored, and that one is where recordings are kept', async () => {
    const stray = 'RE2' as RecordingId;
    const listed = [RECORDING, stray].map((id) => ({ id, state: 'ready' }) as const);
    const state = { name: 'published', atMs: 1, inFile: false } as const;
    const both = await addRecorded(state, { listed });
    await both.reconcile();
    expect(both.deleted).toEqual([RECORDING, stray]);
    const one = await addRecorded(state, { listed });
    await one.keepRecordings();
    await one.reconcile();
    expect(one.deleted).toEqual([stray]);
    expect(await one.recordingState()).toBe('kept');
    const unknown = await addRecorded(state, { listed, events: [...ready.slice(0, 2), hungUp] });
    await unknown.reconcile();
    expect(unknown.deleted).toEqual([RECORDING, stray]);
  });

  it.each<[string, Partial<Phone>]>([
    ['listing', { recordingsOf: () => Promise.reject(away) }],
    ['stopping', { stopRecording: () => Promise.reject(away) }],
    ['stopping, for good', { stopRecording: () => Promise.reject(new Error('no')) }],
  ])('keeps no leg from being hung up and reconciled, whatever fails in %s it', async (_what, phone) => {
    const hungUp: string[] = [];
    const events = [...declinedWhileRecorded, { type: 'hang-up-requested' }] as const;
    const { reconcile, leg, legId, jobs, job } = await addRecorded(
      { name: 'open' },
      {
        events: [...events, { type: 'answered-by', by: 'machine' }],
        listed: [{ id: RECORDING, state: 'running' }],
        phone: {
          hangUp: async () => void hungUp.push('hung up'),
          fetchCall: async () => ({ state: 'ended', how: 'hung-up', reason: null }),
          ...phone,
        },
      },
    );
    await reconcile();
    expect(hungUp).toEqual(['hung up']);
    expect((await leg(legId)).state.name).toBe('ended');
    expect(jobs()).toContainEqual(job);
  });

  it('is deleted although the network does not say how the call is', async () => {
    const { reconcile, deleted } = await addRecorded(
      { name: 'open' },
      { events: declinedWhileRecorded, phone: { fetchCall: () => Promise.reject(away) } },
    );
    await expect(reconcile()).rejects.toBe(away);
    expect(deleted).toEqual([RECORDING]);
  });

  it('is deleted although the channel takes no message any more', async () => {
    const events = [...ready, { type: 'declined' }, hungUp] as const satisfies LegEvent[];
    const { chat, reconcile, deleted, recordingState } = await addRecorded({ name: 'ended' }, { events });
    chat.archive(channelId);
    await reconcile();
    expect(deleted).toEqual([RECORDING]);
    expect(await recordingState()).toBe('deleted');
  });

  it('is tried again for as long as the network does not delete it, and not after that', async () => {
    let isAway = true;
    const deleteRecording = async (): Promise<void> => {
      if (isAway) throw away;
    };
    const { reconcile, giveUp, jobs, job, recordingState } = await addRecorded(
      { name: 'published', atMs: 1, inFile: false },
      { phone: { deleteRecording } },
    );
    const before = jobs().length;
    await reconcile();
    expect(jobs().slice(before)).toEqual([job]);
    await giveUp(away);
    expect(jobs().slice(before)).toEqual([job, job]);
    isAway = false;
    await reconcile();
    expect(await recordingState()).toBe('deleted');
    await giveUp(away);
    expect(jobs().slice(before)).toEqual([job, job]);
  });
});
