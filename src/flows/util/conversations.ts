import { decide, type RecordingEvent } from '../../core/conversation/decide.ts';
import type { DeliveryEvent } from '../../core/conversation/delivery.ts';
import { decideMeeting, type MeetingEvent } from '../../core/conversation/meeting.ts';
import type {
  Conversation,
  Job,
  MeetingConversation,
  RecordingConversation,
} from '../../core/conversation/types.ts';
import type { Channel, ConversationId, Thread } from '../../core/ids.ts';
import type { Store, Tx, WallClock } from '../../core/ports.ts';

/** A conversation with a thread to show things in: every one but a meeting without its card. */
export type PostedConversation = Conversation & { readonly thread: Thread };

export const isPosted = (conversation: Conversation): conversation is PostedConversation =>
  conversation.thread !== null;

export const channelOf = (conversation: Conversation): Channel =>
  conversation.kind === 'recording' ? conversation.thread : conversation.channel;

/** A meeting or a call: people in a room of ours. */
export const isMeeting = (conversation: Conversation | null): conversation is MeetingConversation =>
  conversation !== null && conversation.kind !== 'recording';

/** A meeting or a call whose card is in its channel. */
export type PostedMeeting = MeetingConversation & { readonly thread: Thread };

export const isPostedMeeting = (conversation: Conversation | null): conversation is PostedMeeting =>
  isMeeting(conversation) && conversation.thread !== null;

/**
 * Applies an event to a recording, and saves the decision and its jobs together. Null when there is no such recording.
 */
export const applyRecordingEvent = async (
  tx: Tx,
  clock: WallClock,
  id: ConversationId,
  event: RecordingEvent,
): Promise<RecordingConversation | null> => {
  const before = await tx.conversation(id, { lock: true });
  if (before?.kind !== 'recording') return null;
  return save(tx, before, decide(before, event, clock.nowMs()));
};

/** `applyRecordingEvent` in a transaction of its own. */
export const storeRecordingEvent = (
  { store, clock }: { readonly store: Store; readonly clock: WallClock },
  id: ConversationId,
  event: RecordingEvent,
): Promise<RecordingConversation | null> => store.transact((tx) => applyRecordingEvent(tx, clock, id, event));

/** The same for a meeting or a call. `atMs` is when it happened. */
export const applyMeetingEvent = async (
  tx: Tx,
  id: ConversationId,
  event: MeetingEvent,
  atMs: number,
): Promise<MeetingConversation | null> => {
  const before = await tx.conversation(id, { lock: true });
  return isMeeting(before) ? save(tx, before, decideMeeting(before, event, atMs)) : null;
};

/** What happens to every kind of conversation once it is transcribed. */
export type ResultEvent = DeliveryEvent | Extract<RecordingEvent, { type: 'speakers-named' }>;

/** The same for any conversation. Whether it changed anything. */
export const applyResultEvent = async (
  tx: Tx,
  clock: WallClock,
  id: ConversationId,
  event: ResultEvent,
): Promise<boolean> => {
  const before = await tx.conversation(id, { lock: true });
  if (before === null) return false;
  const nowMs = clock.nowMs();
  const decision =
    before.kind === 'recording' ? decide(before, event, nowMs) : decideMeeting(before, event, nowMs);
  return (await save<Conversation>(tx, before, decision)) !== before;
};

const save = async <C extends Conversation>(
  tx: Tx,
  before: C,
  decision: { readonly conversation: C; readonly jobs: readonly Job[] },
): Promise<C> => {
  if (decision.conversation !== before) await tx.saveConversation(decision.conversation);
  for (const job of decision.jobs) await tx.enqueue(job);
  return decision.conversation;
};
