import { callTranscription } from '../../core/calls/call-transcription.ts';
import { phonePersonId } from '../../core/calls/person.ts';
import type { Leg, LegRecording } from '../../core/calls/types.ts';
import type { Job, MeetingConversation } from '../../core/conversation/types.ts';
import { AppError } from '../../core/error.ts';
import type { ConversationId, RecordingId } from '../../core/ids.ts';
import type { JobHandler, Phone, RecordingBytes, Store, WallClock } from '../../core/ports.ts';
import { concludeFromLines, recordedLeg, settleRecordings } from '../meetings/conclude.ts';
import { applyLegEvent } from '../meetings/phones/legs.ts';
import { type TranscriptionPorts, transcribeAudio } from '../recordings/transcribe-audio.ts';
import { showStatus } from '../results/status-message.ts';
import { CALLS } from '../sentences.ts';
import { applyMeetingEvent, isPostedMeeting } from '../util/conversations.ts';

type TranscribeCall = Extract<Job, { name: 'transcribe-call' }>;

interface Ports extends TranscriptionPorts {
  readonly calls: { readonly phone: Phone } | null;
}

const POLL_EVERY_MS = 2_000;
/** A recording is ready within seconds; one that is not by then is not waited for. */
const READY_TIMEOUT_MS = 10 * 60_000;

/**
 * Transcribes the recording of a call, and attributes the words of its second channel by the live captions. Where there
 * is no recording the captions are the transcription.
 */
export const transcribeCallHandler = (ports: Ports): JobHandler<TranscribeCall> => ({
  async run(job, { signal }) {
    const { store, clock, calls } = ports;
    const id = job.conversationId;
    const { conversation, legs, lines, parties } = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      legs: await tx.legsOf(id),
      lines: await tx.lines(id),
      parties: (await tx.meeting(id)).parties,
    }));
    if (!isPostedMeeting(conversation) || conversation.state.name !== 'ended') return;
    const leg = recordedLeg(legs);
    const calleeParty =
      leg === null ? -1 : parties.findIndex(({ personId }) => personId === phonePersonId(leg.id));
    if (leg === null || calls === null) return concludeWithout(ports, id);
    const readiness = await fetchReadiness({ store, clock, ...calls }, conversation, leg);
    if (readiness === 'later') {
      return store.transact((tx) => tx.enqueue(job, { startAfterMs: POLL_EVERY_MS }));
    }
    if (readiness === 'never' || calleeParty === -1) return concludeWithout(ports, id);

    const recorded = await transcribeAudio(ports, conversation, signal, async () => ({
      ...(await openRecording(calls.phone, leg.recording.id, signal)),
      partyPerChannel: true,
    }));
    const { transcription, names } = callTranscription({
      recorded,
      calleeParty,
      lines,
      parties,
      recordingBeganAtMs: leg.recording.beganAtMs,
      durationMs: (conversation.endedAtMs ?? 0) - (conversation.startedAtMs ?? 0),
    });
    if (transcription.words.length === 0) return concludeWithout(ports, id);
    await store.transact(async (tx) => {
      // It took minutes: another process may have finished this job, and people may have named the speakers.
      if ((await tx.conversation(id, { lock: true }))?.state.name !== 'ended') return;
      await tx.saveTranscription(id, transcription);
      await tx.saveSpeakerNames(id, names);
      await applyMeetingEvent(tx, id, { type: 'transcribed' }, clock.nowMs());
      await settleRecordings(tx, legs);
    });
  },

  async willRetry({ conversationId }, error) {
    const conversation = await ports.store.transact((tx) => tx.conversation(conversationId));
    if (!isPostedMeeting(conversation) || conversation.state.name !== 'ended') return;
    const stage = { name: 'waiting-to-retry', sentence: error.waitingMessage } as const;
    await showStatus(ports, conversation, { kind: 'progress', title: conversation.title, stage });
  },

  gaveUp: ({ conversationId }) => concludeWithout(ports, conversationId),
});

const concludeWithout = ({ store, clock }: Ports, id: ConversationId): Promise<void> =>
  store.transact((tx) => concludeFromLines(tx, clock, id));

/** A recording that the network says is ready, and does not hand out, it will hand out in a moment. */
const openRecording = async (phone: Phone, id: RecordingId, signal: AbortSignal): Promise<RecordingBytes> => {
  try {
    return await phone.openRecording(id, { signal });
  } catch (error) {
    const isGone = error instanceof AppError && error.code === 'recording-gone';
    if (!isGone || (await phone.fetchRecordingState(id)) !== 'ready') throw error;
    throw new AppError({
      code: error.code,
      retryable: true,
      userMessage: CALLS.recordingNotReady,
      cause: error,
    });
  }
};

const fetchReadiness = async (
  { store, clock, phone }: { readonly store: Store; readonly clock: WallClock; readonly phone: Phone },
  { endedAtMs }: MeetingConversation,
  { id, recording }: Leg & { readonly recording: LegRecording },
): Promise<'now' | 'later' | 'never'> => {
  if (recording.state === 'ready') return 'now';
  const state = await phone.fetchRecordingState(recording.id).catch((error: unknown) => {
    if (error instanceof AppError && error.retryable) return 'running' as const;
    throw error;
  });
  if (state === 'running') {
    return clock.nowMs() - (endedAtMs ?? 0) > READY_TIMEOUT_MS ? 'never' : 'later';
  }
  const type = state === 'ready' ? 'recording-ready' : 'recording-absent';
  await store.transact((tx) => applyLegEvent(tx, id, { type, recordingId: recording.id }, clock.nowMs()));
  return state === 'ready' ? 'now' : 'never';
};
