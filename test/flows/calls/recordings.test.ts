import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/calls/settings.ts';
import type { LegEvent } from '../../../src/core/calls/types.ts';
import type { MeetingState } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { RecordingId } from '../../../src/core/ids.ts';
import type { Phone } from '../../../src/core/ports.ts';
import { buildEndedCard, postCard } from '../../../src/flows/meetings/card.ts';
import { CALLS } from '../../../src/flows/sentences.ts';
import { CALL, CONTEXT, createLegStage, hungUp, RECORDING } from '../support/legs.ts';
import { channelId, workspaceId } from '../support/stage.ts';

const ready = [
  { type: 'dialled', callId: CALL },
  { type: 'answered' },
  { type: 'recording-ready', recordingId: RECORDING },
] as const satisfies LegEvent[];

/** A call with a recording, whose card is posted. */
const addRecorded = async (
  state: MeetingState,
  { events = [...ready, hungUp], phone = {} }: { events?: readonly LegEvent[]; phone?: Partial<Phone> } = {},
) => {
  const stage = createLegStage();
  const deleted: RecordingId[] = [];
  const stopped: RecordingId[] = [];
  const one = stage.instance({
    fetchCall: async () => ({ state: 'answered' }),
    deleteRecording: async (id) => void deleted.push(id),
    stopRecording: async (_callId, id) => void stopped.push(id),
    ...phone,
  });
  const conversation = await stage.addMeeting('call', { state, startedAtMs: 1, endedAtMs: 2 });
  const legId = await stage.addLeg(conversation, 'callee', ...events);
  await postCard(one.options, conversation, buildEndedCard(conversation, { legs: [], dialIn: null }));
  const job = { name: 'reconcile-leg', legId } as const;
  return {
    ...stage,
    conversation,
    deleted,
    stopped,
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
  };
};

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

  it('that still runs is stopped and deleted at once when someone declines', async () => {
    const events = [
      { type: 'dialled', callId: CALL },
      { type: 'answered' },
      { type: 'recording-began', recordingId: RECORDING, beganAtMs: 0 },
      { type: 'declined' },
    ] as const satisfies LegEvent[];
    const { reconcile, stopped, deleted, recordingState } = await addRecorded({ name: 'open' }, { events });
    await reconcile();
    expect([stopped, deleted]).toEqual([[RECORDING], [RECORDING]]);
    expect(await recordingState()).toBe('deleted');
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
    const away = new AppError({ code: 'call-failed', retryable: true, userMessage: 'Away.' });
    let isAway = true;
    const deleteRecording = async (): Promise<void> => {
      if (isAway) throw away;
    };
    const { reconcile, giveUp, jobs, job, recordingState } = await addRecorded(
      { name: 'published', atMs: 1, inFile: false },
      { phone: { deleteRecording } },
    );
    const before = jobs().length;
    await expect(reconcile()).rejects.toBe(away);
    await giveUp(away);
    expect(jobs().slice(before)).toEqual([job]);
    isAway = false;
    await reconcile();
    expect(await recordingState()).toBe('deleted');
    await giveUp(away);
    expect(jobs().slice(before)).toEqual([job]);
  });
});
