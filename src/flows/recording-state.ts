import { decide, type RecordingEvent } from '../core/conversation/decide.ts';
import type { RecordingConversation } from '../core/conversation/types.ts';
import type { ConversationId } from '../core/ids.ts';
import type { Clock, Store, Tx } from '../core/ports.ts';

/**
 * Lets core decide what an event means for a recording, and saves the decision and its jobs together.
 * Null when the recording is not there (any more).
 */
export const applyEvent = async (
  tx: Tx,
  clock: Clock,
  id: ConversationId,
  event: RecordingEvent,
): Promise<RecordingConversation | null> => {
  const before = await tx.conversation(id, { lock: true });
  if (before === null) return null;
  const { conversation, jobs } = decide(before, event, clock.nowMs());
  if (conversation !== before) await tx.saveConversation(conversation);
  for (const job of jobs) await tx.enqueue(job);
  return conversation;
};

/** `applyEvent` in a transaction of its own. */
export const recordEvent = (
  parts: { store: Store; clock: Clock },
  id: ConversationId,
  event: RecordingEvent,
): Promise<RecordingConversation | null> =>
  parts.store.transact((tx) => applyEvent(tx, parts.clock, id, event));
