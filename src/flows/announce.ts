import type { Job } from '../core/conversation/types.ts';
import type { JobHandler } from '../core/ports.ts';
import type { FlowParts } from './parts.ts';
import { recordEvent } from './state.ts';
import { showStatus, statusKey } from './status-message.ts';

type Announce = Extract<Job, { name: 'announce' }>;

/**
 * Answers in the thread, one message a recording, in the order of the files: later results are edits of these
 * messages, so they keep that order too. Each recording's transcription begins once it is announced.
 */
export const announceHandler = (parts: FlowParts): JobHandler<Announce> => ({
  async run(job) {
    for (const id of job.conversationIds) {
      const { conversation, delivery } = await parts.store.transact(async (tx) => ({
        conversation: await tx.conversation(id),
        delivery: await tx.delivery(statusKey(id)),
      }));
      if (conversation?.kind !== 'recording') continue;
      if (delivery?.state !== 'message') {
        await showStatus(parts, conversation, {
          kind: 'progress',
          title: conversation.title,
          stage: { name: 'waiting' },
        });
      }
      await recordEvent(parts, id, { type: 'announced' });
    }
  },

  async gaveUp(job, error) {
    // Showing a failure is a job of its own, which tells the person privately when the thread is out of reach.
    for (const id of job.conversationIds) await recordEvent(parts, id, { type: 'failed', error });
  },
});
