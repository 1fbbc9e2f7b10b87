import { decide, type RecordingEvent } from '../core/conversation/decide.ts';
import { decideMeeting, type MeetingEvent } from '../core/conversation/meeting.ts';
import type { DeliveryEvent } from '../core/conversation/posting.ts';
import type {
  Conversation,
  Job,
  MeetingConversation,
  RecordingConversation,
} from '../core/conversation/types.ts';
import type { ConversationId, Thread } from '../core/ids.ts';
import type { Store, Tx, WallClock } from '../core/ports.ts';

/**
 * Lets core decide what an event means for a recording, and saves the decision and its jobs together.
 * Null when the recording is not there (any more).
 */
export const applyEvent = async (
  tx: Tx,
  clock: WallClock,
  id: ConversationId,
  event: RecordingEvent,
): Promise<RecordingConversation | null> => {
  const before = await tx.conversation(id, { lock: true });
  if (before?.kind !== 'recording') return null;
  return save(tx, before, decide(before, event, clock.nowMs()));
};

/** `applyEvent` in a transaction of its own. */
export const recordEvent = (
  parts: { store: Store; clock: WallClock },
  id: ConversationId,
  event: RecordingEvent,
): Promise<RecordingConversation | null> =>
  parts.store.transact((tx) => applyEvent(tx, parts.clock, id, event));

/** The same for a meeting. `atMs` is when it happened. */
export const applyMeetingEvent = async (
  tx: Tx,
  id: ConversationId,
  event: MeetingEvent,
  atMs: number,
): Promise<MeetingConversation | null> => {
  const before = await tx.conversation(id, { lock: true });
  if (before === null || before.kind === 'recording') return null;
  return save(tx, before, decideMeeting(before, event, atMs));
};

/** What happens to every kind of conversation once it was heard. */
export type ResultEvent = DeliveryEvent | Extract<RecordingEvent, { type: 'speakers-named' }>;

/** Whether it changed anything. */
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

/** A conversation that has a thread to be shown in: every one but a meeting without its card. */
export type PostedConversation = Conversation & { readonly thread: Thread };

export const isPosted = (conversation: Conversation): conversation is PostedConversation =>
  conversation.thread !== null;
