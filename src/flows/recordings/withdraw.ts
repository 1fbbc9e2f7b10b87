import type { Job, RecordingConversation } from '../../core/conversation/types.ts';
import { isGone } from '../../core/error.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { Delivery, JobHandler, Log, PostedMessage } from '../../core/ports.ts';
import { resultKey } from '../results/result-message.ts';
import { type Posting, statusKey } from '../results/status-message.ts';

type Withdraw = Extract<Job, { name: 'withdraw' }>;

/**
 * Takes back what is shown of a recording whose message or file was deleted. Whatever a job shows of it later brings
 * another run (see `decide`), so nothing stays.
 */
export const withdrawHandler = (ports: Posting & { readonly log: Log }): JobHandler<Withdraw> => ({
  async run({ conversationId }) {
    const { store, chat } = ports;
    const { conversation, deliveries } = await store.transact(async (tx) => ({
      conversation: await tx.conversation(conversationId),
      deliveries: await tx.deliveriesOf(conversationId),
    }));
    if (conversation?.kind !== 'recording' || conversation.state.name !== 'withdrawn') return;
    for (const [key, delivery] of deliveries) {
      await takeBack(ports, conversation, key, delivery);
      await store.transact((tx) => tx.saveDelivery(key, { state: 'withdrawn' }));
    }
    await chat.refreshHome(conversation.thread.workspaceId, conversation.startedBy);
  },

  async gaveUp({ conversationId }, error) {
    const fields = { conversation: conversationId };
    logFailure(ports.log, error, fields, 'what was shown of a deleted recording was not taken back');
  },
});

const takeBack = async (
  { chat }: Posting,
  { id, thread }: RecordingConversation,
  key: string,
  delivery: Delivery,
): Promise<void> => {
  switch (delivery.state) {
    case 'message':
      return chat.remove(thread.workspaceId, delivery.posted);
    case 'reserved':
    case 'file':
      return chat.deleteFile(thread.workspaceId, delivery.fileId);
    case 'intended':
    case 'withdrawn': {
      // A process that died may have posted the message without noting where.
      const found =
        key === statusKey(id) || key === resultKey(id) ? await findInThread({ chat }, thread, key) : null;
      if (found !== null) await chat.remove(thread.workspaceId, found);
    }
  }
};

/** Null also when the thread is gone with its root. */
const findInThread = async (
  { chat }: Pick<Posting, 'chat'>,
  thread: RecordingConversation['thread'],
  key: string,
): Promise<PostedMessage | null> => {
  try {
    return await chat.find(thread, key);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
};
