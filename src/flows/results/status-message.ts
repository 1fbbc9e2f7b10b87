import type { Conversation } from '../../core/conversation/types.ts';
import { toAppError } from '../../core/error.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Chat, PostedMessage, Store } from '../../core/ports.ts';
import type { ThreadMessage } from '../../core/thread-message.ts';
import type { PostedConversation } from '../util/conversations.ts';

/** Where messages are shown, and where it is noted that they were. */
export interface Posting {
  readonly store: Store;
  readonly chat: Chat;
}

/** The delivery key of a conversation's one message in its thread, which becomes its result. */
export const statusKey = (id: ConversationId): string => `status:${id}`;

/** Posts the conversation's status message, or edits it when it is there. */
export const showStatus = (
  posting: Posting,
  conversation: PostedConversation,
  message: ThreadMessage,
): Promise<PostedMessage> =>
  showInThread(posting, conversation, {
    key: statusKey(conversation.id),
    revision: conversation.revision,
    message,
  });

/**
 * Posts a message once, and returns where it is. The intention is stored before the attempt, so after a crash or a lost
 * answer the message is looked for instead of posting another.
 */
export const postOnce = async (
  store: Store,
  { id, revision }: Conversation,
  key: string,
  message: {
    readonly find: () => Promise<PostedMessage | null>;
    readonly post: () => Promise<PostedMessage>;
  },
): Promise<PostedMessage> => {
  const known = await store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') return known.posted;
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, id));
  const found = known === null ? null : await message.find();
  const posted = found ?? (await message.post());
  await store.transact((tx) => tx.saveDelivery(key, { state: 'message', posted, revision }));
  return posted;
};

/** Posts a message in the conversation's thread once, as `postOnce` does, or edits it when it is there. */
export const showInThread = async (
  { store, chat }: Posting,
  { id, thread }: PostedConversation,
  shown: { readonly key: string; readonly revision: number; readonly message: ThreadMessage },
): Promise<PostedMessage> => {
  const { key, revision, message } = shown;
  const known = await store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') {
    await chat.edit(thread.workspaceId, known.posted, message);
    if (known.revision !== revision) {
      await store.transact((tx) => tx.saveDelivery(key, { ...known, revision }));
    }
    return known.posted;
  }
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, id));
  const found = known === null ? null : await chat.find(thread, key);
  const posted = found ?? (await chat.post(thread, message, key));
  await store.transact((tx) => tx.saveDelivery(key, { state: 'message', posted, revision }));
  if (found !== null) await chat.edit(thread.workspaceId, found, message);
  return posted;
};

/** Shows something, unless the message was deleted: it stays deleted, and nothing that follows waits for it. */
export const ignoreDeleted = async (show: () => Promise<unknown>): Promise<void> => {
  try {
    await show();
  } catch (error) {
    if (toAppError(error).code !== 'recording-gone') throw error;
  }
};
