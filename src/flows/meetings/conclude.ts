import { phonePersonId } from '../../core/calls/person.ts';
import type { Leg, LegRecording } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import { namesFromParties, transcriptionFromLines } from '../../core/meeting/lines.ts';
import type { JobHandler, Tx, WallClock } from '../../core/ports.ts';
import type { Posting } from '../results/status-message.ts';
import { CALLS } from '../sentences.ts';
import { applyMeetingEvent, isMeeting, isPostedMeeting } from '../util/conversations.ts';
import { showAllCaptions } from './captions/thread-captions.ts';
import { buildEndedCard, editCard, loadCardFacts } from './card.ts';

type ConcludeMeeting = Extract<Job, { name: 'conclude-meeting' }>;

/** Completes the captions and the card of a meeting that ended, and hands over to the job that makes its result. */
export const concludeMeetingHandler = (
  ports: Posting & { readonly clock: WallClock },
): JobHandler<ConcludeMeeting> => ({
  async run({ conversationId: id }) {
    const { store, clock } = ports;
    const { conversation, lines, record, facts } = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      lines: await tx.lines(id),
      record: await tx.meeting(id),
      facts: await loadCardFacts(tx, id, null),
    }));
    if (!isPostedMeeting(conversation) || conversation.state.name !== 'ended') return;
    await editCard(ports, conversation, buildEndedCard(conversation, facts));
    await showAllCaptions(ports, conversation, lines, record.parties);
    await store.transact((tx) => handOver(tx, clock, id));
  },

  // Captions that can't be posted are no reason to lose the result, which has attempts of its own.
  gaveUp: ({ conversationId: id }) => ports.store.transact((tx) => handOver(tx, ports.clock, id)),
});

/** A call that was recorded is transcribed from the recording, everything else from its captions. */
const handOver = async (tx: Tx, clock: WallClock, id: ConversationId): Promise<void> => {
  const legs = await tx.legsOf(id);
  // A mailbox to which no one spoke is no conversation, however well it was recorded.
  const wasConversation = legs.some(wasHeld) || (await tx.lines(id)).length > 0;
  if (recordedLeg(legs) === null || !wasConversation) await concludeFromLines(tx, clock, id);
  else await tx.enqueue({ name: 'transcribe-call', conversationId: id });
};

/** The leg whose recording holds a call; null when there is none, or none may be used. */
export const recordedLeg = (legs: readonly Leg[]): (Leg & { readonly recording: LegRecording }) | null => {
  // Who declined is on the recording of every phone.
  if (legs.some(({ declined }) => declined)) return null;
  for (const { recording, ...leg } of legs) {
    const isAvailable = recording?.state === 'running' || recording?.state === 'ready';
    if (leg.role === 'callee' && isAvailable) return { ...leg, recording };
  }
  return null;
};

/** Makes the transcription from the captions, once: a second time must not overwrite names that people gave since. */
export const concludeFromLines = async (tx: Tx, clock: WallClock, id: ConversationId): Promise<void> => {
  const conversation = await tx.conversation(id, { lock: true });
  if (!isMeeting(conversation) || conversation.state.name !== 'ended') return;
  const { startedAtMs, endedAtMs } = conversation;
  const lines = await tx.lines(id);
  const { parties } = await tx.meeting(id);
  const lengthMs = startedAtMs === null || endedAtMs === null ? 0 : endedAtMs - startedAtMs;
  if (lines.length > 0) {
    await tx.saveTranscription(id, transcriptionFromLines(lines, lengthMs));
    await tx.saveSpeakerNames(id, namesFromParties(parties));
  }
  const legs = await tx.legsOf(id);
  // Where no one joined, or no phone was answered, the card says enough; and who declined knows why.
  const notify = conversation.kind === 'call' ? legs.some(wasHeld) : startedAtMs !== null;
  const isNoticeCut = legs.some(
    (leg) => wasHeld(leg) && !parties.some(({ personId }) => personId === phonePersonId(leg.id)),
  );
  const reason = isNoticeCut ? CALLS.endedInNotice : null;
  const silent = { type: 'silent', notify, reason } as const;
  await applyMeetingEvent(tx, id, lines.length > 0 ? { type: 'transcribed' } : silent, clock.nowMs());
  await settleRecordings(tx, legs);
};

const wasHeld = ({ role, answeredAtMs, declined, state }: Leg): boolean => {
  const byMachine = 'by' in state && state.by === 'machine';
  return role === 'callee' && answeredAtMs !== null && !declined && !byMachine;
};

/**
 * To be called when the transcription is there: recordings are kept or deleted then, also one that was begun and never
 * stored.
 */
export const settleRecordings = async (tx: Tx, legs: readonly Leg[]): Promise<void> => {
  for (const leg of legs) if (mayBeRecorded(leg)) await tx.enqueue({ name: 'reconcile-leg', legId: leg.id });
};

/** Whether the network may have recorded this phone, known to us or not. */
export const mayBeRecorded = ({ role, callId, answeredAtMs }: Leg): boolean =>
  role === 'callee' && callId !== null && answeredAtMs !== null;
