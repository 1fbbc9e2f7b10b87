import type { Job } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { JobHandler, Tx } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { showStatus, statusKey } from '../results/status-message.ts';
import { applyEvent, recordEvent } from '../state.ts';

type Announce = Extract<Job, { name: 'announce' }>;

/**
 * Answers in the thread, one message a recording, in the order of the files: later results are edits of these
 * messages, so they keep that order too. Each recording's transcription begins once it is announced. A recording in
 * trouble holds up those after it, for their order's sake, but has only its own attempts: once it is announced or given
 * up, the others begin with all of theirs.
 */
export const announceHandler = (parts: FlowParts): JobHandler<Announce> => ({
  async run({ conversationIds }) {
    for (const [done, id] of conversationIds.entries()) {
      try {
        await announce(parts, id);
      } catch (error) {
        if (done === 0) throw error;
        await parts.store.transact((tx) => announceLater(tx, conversationIds.slice(done)));
        return;
      }
    }
  },

  // The first is the one in trouble: whatever was before it was left behind by `run`.
  async gaveUp({ conversationIds: [inTrouble, ...others] }, error) {
    if (inTrouble === undefined) return;
    await parts.store.transact(async (tx) => {
      // Showing a failure is a job of its own, which tells the person privately when the thread is out of reach.
      await applyEvent(tx, parts.clock, inTrouble, { type: 'failed', error });
      await announceLater(tx, others);
    });
  },
});

const announce = async (parts: FlowParts, id: ConversationId): Promise<void> => {
  const { conversation, delivery } = await parts.store.transact(async (tx) => ({
    conversation: await tx.conversation(id),
    delivery: await tx.delivery(statusKey(id)),
  }));
  if (conversation?.kind !== 'recording') return;
  if (delivery?.state !== 'message') {
    const stage = { name: 'waiting' } as const;
    await showStatus(parts, conversation, { kind: 'progress', title: conversation.title, stage });
  }
  await recordEvent(parts, id, { type: 'announced' });
};

const announceLater = async (tx: Tx, conversationIds: readonly ConversationId[]): Promise<void> => {
  if (conversationIds.length > 0) await tx.enqueue({ name: 'announce', conversationIds });
};
