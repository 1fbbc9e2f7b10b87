import type { Leg, LegRecording } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import { namesFromParties, transcriptionFromLines } from '../../core/meeting/lines.ts';
import type { JobHandler, Tx } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { applyMeetingEvent } from '../state.ts';
import { showAllCaptions } from './captions/thread-captions.ts';
import { cardFactsIn, cardMessage, editCard } from './card.ts';
import { isMeeting, isPostedMeeting } from './posted-meeting.ts';

type Named<N extends Job['name']> = Extract<Job, { name: N }>;

/** Brings the thread up to the last word, and hands over to what follows every conversation. */
export const concludeMeetingHandler = (parts: FlowParts): JobHandler<Named<'conclude-meeting'>> => ({
  async run({ conversationId: id }) {
    const { store } = parts;
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      lines: await tx.lines(id),
      record: await tx.meeting(id),
      facts: await cardFactsIn(tx, id, null),
    }));
    if (!isPostedMeeting(now.conversation) || now.conversation.state.name !== 'ended') return;
    const { conversation, lines, record, facts } = now;
    const card = cardMessage(conversation, { ...facts, present: [], unavailable: null });
    await editCard(parts, conversation, card);
    await showAllCaptions(parts, conversation, lines, record.parties);
    await store.transact((tx) => handOver(parts, tx, id));
  },

  // Captions that Slack does not take are no reason to lose the result, which has tries of its own.
  gaveUp: ({ conversationId: id }) => parts.store.transact((tx) => handOver(parts, tx, id)),
});

/** To whoever makes the result: of the recording of a call where there is one, else of the captions. */
const handOver = async (parts: FlowParts, tx: Tx, id: ConversationId): Promise<void> => {
  const legs = await tx.legsOf(id);
  // A mailbox to which nobody said a word is no conversation, however well it was recorded.
  const wasConversation = legs.some(wasHeld) || (await tx.lines(id)).length > 0;
  if (recordedLeg(legs) === null || !wasConversation) await concludeByLines(parts, tx, id);
  else await tx.enqueue({ name: 'transcribe-call', conversationId: id });
};

/** The telephone whose recording holds a call; null when there is none, or none may be used. */
export const recordedLeg = (legs: readonly Leg[]): (Leg & { readonly recording: LegRecording }) | null => {
  // Whoever declined is on every telephone's recording.
  if (legs.some(({ declined }) => declined)) return null;
  for (const { recording, ...leg } of legs) {
    const isThere = recording?.state === 'running' || recording?.state === 'ready';
    if (leg.role === 'callee' && isThere) return { ...leg, recording };
  }
  return null;
};

/** Makes what was heard of the live captions, once: whoever comes later finds names that people gave meanwhile. */
export const concludeByLines = async (parts: FlowParts, tx: Tx, id: ConversationId): Promise<void> => {
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
  // Where nobody ever came, or nobody answered a telephone, the card says enough; and who declined knows why.
  const together = conversation.kind === 'call' ? legs.some(wasHeld) : startedAtMs !== null;
  const event =
    lines.length > 0 ? ({ type: 'transcribed' } as const) : ({ type: 'silent', tell: together } as const);
  await applyMeetingEvent(tx, id, event, parts.clock.nowMs());
  await settleRecordings(tx, legs);
};

const wasHeld = ({ role, answeredAtMs, declined, state }: Leg): boolean => {
  const byMachine = 'by' in state && state.by === 'machine';
  return role === 'callee' && answeredAtMs !== null && !declined && !byMachine;
};

/** What becomes of them is decided once the result is there. */
export const settleRecordings = async (tx: Tx, legs: readonly Leg[]): Promise<void> => {
  for (const { id, recording } of legs) {
    if (recording !== null) await tx.enqueue({ name: 'reconcile-leg', legId: id });
  }
};
