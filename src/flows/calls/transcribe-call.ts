import { phonePersonId } from '../../core/calls/person.ts';
import { callTranscription } from '../../core/calls/recorded.ts';
import type { Leg } from '../../core/calls/types.ts';
import type { Job, MeetingConversation } from '../../core/conversation/types.ts';
import { AppError } from '../../core/error.ts';
import type { RecordingId } from '../../core/ids.ts';
import type { JobHandler } from '../../core/ports.ts';
import { concludeByLines, recordedLeg, settleRecordings } from '../meetings/conclude.ts';
import { applyLegEvent } from '../meetings/phones/legs.ts';
import { isPostedMeeting } from '../meetings/posted-meeting.ts';
import type { CallParts, FlowParts } from '../parts.ts';
import { transcribeAudio } from '../recordings/transcribe-audio.ts';
import { showStatus } from '../results/status-message.ts';
import { applyMeetingEvent } from '../state.ts';

type TranscribeCall = Extract<Job, { name: 'transcribe-call' }>;

const LOOK_EVERY_MS = 2_000;
/** A recording is there within seconds; one that is not by then is not to be waited for. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** Hears the recording of a call, and tells by the live captions whose words its second channel holds. */
export const transcribeCallHandler = (parts: FlowParts): JobHandler<TranscribeCall> => ({
  async run(job, { signal }) {
    const { store, clock, calls } = parts;
    const id = job.conversationId;
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      legs: await tx.legsOf(id),
      lines: await tx.lines(id),
      record: await tx.meeting(id),
    }));
    const { conversation, legs, lines } = now;
    if (!isPostedMeeting(conversation) || conversation.state.name !== 'ended') return;
    const leg = recordedLeg(legs);
    const ready = leg === null || calls === null ? 'no' : await isReady(parts, calls, conversation, leg);
    if (ready === 'later') {
      return store.transact((tx) => tx.enqueue(job, { startAfterMs: LOOK_EVERY_MS }));
    }
    const { parties } = now.record;
    const farParty =
      leg === null ? -1 : parties.findIndex(({ personId }) => personId === phonePersonId(leg.id));
    if (ready === 'no' || leg === null || calls === null || farParty === -1) return fallBack(parts, id);

    const recorded = await transcribeAudio(parts, conversation, signal, async () => ({
      ...(await openRecording(calls, leg.recording.id, signal)),
      partyPerChannel: true,
    }));
    const { heard, names } = callTranscription({
      recorded,
      farParty,
      lines,
      parties,
      recordingBeganAtMs: leg.recording.beganAtMs,
      durationMs: (conversation.endedAtMs ?? 0) - (conversation.startedAtMs ?? 0),
    });
    if (heard.words.length === 0) return fallBack(parts, id);
    await store.transact(async (tx) => {
      // It took minutes. Whoever else had this job meanwhile may be done, and people may have named the voices.
      if ((await tx.conversation(id, { lock: true }))?.state.name !== 'ended') return;
      await tx.saveTranscription(id, heard);
      await tx.saveSpeakerNames(id, names);
      await applyMeetingEvent(tx, id, { type: 'transcribed' }, clock.nowMs());
      await settleRecordings(tx, legs);
    });
  },

  async willRetry({ conversationId }, error) {
    const conversation = await parts.store.transact((tx) => tx.conversation(conversationId));
    if (!isPostedMeeting(conversation) || conversation.state.name !== 'ended') return;
    const stage = { name: 'waiting-to-retry', sentence: error.waitingMessage } as const;
    await showStatus(parts, conversation, { kind: 'progress', title: conversation.title, stage });
  },

  // The captions were heard live, and are worth more than an apology.
  gaveUp: ({ conversationId }) => fallBack(parts, conversationId),
});

const fallBack = (parts: FlowParts, id: TranscribeCall['conversationId']): Promise<void> =>
  parts.store.transact((tx) => concludeByLines(parts, tx, id));

/** Where the network says that a recording is there, and does not hand it out, it will in a moment. */
const openRecording = async (
  { phone }: CallParts,
  id: RecordingId,
  signal: AbortSignal,
): ReturnType<CallParts['phone']['openRecording']> => {
  try {
    return await phone.openRecording(id, { signal });
  } catch (error) {
    const isGone = error instanceof AppError && error.code === 'recording-gone';
    if (!isGone || (await phone.fetchRecordingState(id)) !== 'ready') throw error;
    throw new AppError({
      code: error.code,
      retryable: true,
      userMessage: 'The telephone network does not hand out the recording of this call yet.',
      cause: error,
    });
  }
};

const isReady = async (
  { store, clock }: FlowParts,
  { phone }: CallParts,
  { endedAtMs }: MeetingConversation,
  { id, recording }: Leg & { readonly recording: NonNullable<Leg['recording']> },
): Promise<'yes' | 'no' | 'later'> => {
  if (recording.state === 'ready') return 'yes';
  const state = await phone.fetchRecordingState(recording.id).catch((error: unknown) => {
    if (error instanceof AppError && error.retryable) return 'running' as const;
    throw error;
  });
  if (state === 'running') {
    return clock.nowMs() - (endedAtMs ?? 0) > LONGEST_WAIT_MS ? 'no' : 'later';
  }
  const type = state === 'ready' ? 'recording-ready' : 'recording-absent';
  await store.transact((tx) => applyLegEvent(tx, id, { type, recordingId: recording.id }, clock.nowMs()));
  return state === 'ready' ? 'yes' : 'no';
};
