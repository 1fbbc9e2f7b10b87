import type { Job } from '../../core/conversation/types.ts';
import { isGone } from '../../core/error.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { JobHandler, Tx, WallClock } from '../../core/ports.ts';
import { type Posting, showStatus, statusKey } from '../results/status-message.ts';
import { applyRecordingEvent, storeRecordingEvent } from '../util/conversations.ts';

type Announce = Extract<Job, { name: 'announce' }>;

/**
 * Posts one status message a recording in the thread, in the order of the files: the results of several are edits
 * of these messages, so they keep that order. A recording's transcription begins once it is announced. One that fails delays
 * those after it, for the sake of the order, but uses up only its own attempts: once it is announced or given up, the
 * others begin with all of theirs.
 */
export const announceHandler = (ports: Posting & { readonly clock: WallClock }): JobHandler<Announce> => ({
  async run({ conversationIds }) {
    for (const [done, id] of conversationIds.entries()) {
      try {
        await announce(ports, id);
      } catch (error) {
        if (done === 0) throw error;
        await ports.store.transact((tx) => announceLater(tx, conversationIds.slice(done)));
        return;
      }
    }
  },

  // The first is the one that failed: `run` has split off those before it.
  async gaveUp({ conversationIds: [failed, ...others] }, error) {
    if (failed === undefined) return;
    await ports.store.transact(async (tx) => {
      // The failure is shown by a job of its own, which answers privately when the thread can't be posted in. Where the
      // message itself was deleted, nobody waits for an answer.
      const event = isGone(error) ? ({ type: 'withdrawn' } as const) : ({ type: 'failed', error } as const);
      await applyRecordingEvent(tx, ports.clock, failed, event);
      await announceLater(tx, others);
    });
  },
});

const announce = async (
  ports: Posting & { readonly clock: WallClock },
  id: ConversationId,
): Promise<void> => {
  const { conversation, delivery } = await ports.store.transact(async (tx) => ({
    conversation: await tx.conversation(id),
    delivery: await tx.delivery(statusKey(id)),
  }));
  if (conversation?.kind !== 'recording') return;
  if (delivery?.state !== 'message') {
    const stage = { name: 'waiting' } as const;
    await showStatus(ports, conversation, { kind: 'progress', title: conversation.title, stage });
  }
  await storeRecordingEvent(ports, id, { type: 'announced' });
};

const announceLater = async (tx: Tx, conversationIds: readonly ConversationId[]): Promise<void> => {
  if (conversationIds.length > 0) await tx.enqueue({ name: 'announce', conversationIds });
};
