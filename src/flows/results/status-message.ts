import type { Conversation } from '../../core/conversation/types.ts';
import { isGone, toAppError } from '../../core/error.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Chat, PostedMessage, ShownMessage, Store } from '../../core/ports.ts';
import type { ThreadMessage } from '../../core/thread-message.ts';
import type { PostedConversation } from '../util/conversations.ts';

/** Where messages are shown, and where it is noted that they were. */
export interface Posting {
  readonly store: Store;
  readonly chat: Chat;
}

/** The delivery key of a conversation's one message in its thread: its progress, then its failure or its result. */
export const statusKey = (id: ConversationId): string => `status:${id}`;

/** Posts the conversation's status message, or edits it when it is there. */
export const showStatus = async (
  posting: Posting,
  conversation: PostedConversation,
  message: ThreadMessage,
): Promise<ShownMessage> => {
  const key = statusKey(conversation.id);
  try {
    return await showInThread(posting, conversation, { key, revision: conversation.revision, message });
  } catch (error) {
    if (toAppError(error).code !== 'edit-refused') throw error;
    const key = `status-again:${conversation.id}:r${conversation.revision}`;
    const { posted, whole } = await replaceStatus(posting, conversation, key, message);
    return { ...posted, whole: whole ?? false };
  }
};

/**
 * Posts another message once, in place of the status message, which is deleted if it can be. From then on the new one is the
 * status message, and `key` is withdrawn. `whole` is null when it was posted by an earlier attempt.
 */
export const replaceStatus = async (
  { store, chat }: Posting,
  conversation: PostedConversation,
  key: string,
  message: ThreadMessage,
): Promise<{ readonly posted: PostedMessage; readonly whole: boolean | null }> => {
  const { id, thread, revision } = conversation;
  const old = await store.transact((tx) => tx.delivery(statusKey(id)));
  let whole: boolean | null = null;
  const posted = await postOnce(store, conversation, key, {
    find: () => chat.find(thread, key),
    async post() {
      const shown = await chat.post(thread, message, key);
      whole = shown.whole;
      return shown;
    },
  });
  if (old?.state === 'message' && old.posted.messageId !== posted.messageId) {
    // Before it is forgotten where it is, so that it is deleted also after a crash in between.
    await chat.remove(thread.workspaceId, old.posted).catch((error: unknown) => {
      // It says that the work goes on; where it can't be deleted, the new message is below it.
      if (toAppError(error).retryable) throw error;
    });
  }
  await store.transact(async (tx) => {
    if (old === null) await tx.intendDelivery(statusKey(id), id);
    await tx.saveDelivery(statusKey(id), { state: 'message', posted, revision });
    await tx.saveDelivery(key, { state: 'withdrawn' });
  });
  return { posted, whole };
};

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
  const { channelId, messageId } = found ?? (await message.post());
  const posted = { channelId, messageId };
  await store.transact((tx) => tx.saveDelivery(key, { state: 'message', posted, revision }));
  return posted;
};

/** Posts a message in the conversation's thread once, as `postOnce` does, or edits it when it is there. */
export const showInThread = async (
  { store, chat }: Posting,
  { id, thread }: PostedConversation,
  what: { readonly key: string; readonly revision: number; readonly message: ThreadMessage },
): Promise<ShownMessage> => {
  const { key, revision, message } = what;
  const known = await store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') {
    const edited = await chat.edit(thread.workspaceId, known.posted, message);
    if (known.revision !== revision) {
      await store.transact((tx) => tx.saveDelivery(key, { ...known, revision }));
    }
    return edited;
  }
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, id));
  const found = known === null ? null : await chat.find(thread, key);
  const shown = found === null ? await chat.post(thread, message, key) : null;
  const { channelId, messageId } = found ?? shown!;
  const posted = { channelId, messageId };
  await store.transact((tx) => tx.saveDelivery(key, { state: 'message', posted, revision }));
  return shown ?? chat.edit(thread.workspaceId, posted, message);
};

/**
 * Shows something, unless the message was deleted or can't be changed any more: it stays as it is, and nothing that follows
 * waits for it.
 */
export const ignoreDeleted = async (show: () => Promise<unknown>): Promise<void> => {
  try {
    await show();
  } catch (error) {
    if (!isGone(error) && toAppError(error).code !== 'edit-refused') throw error;
  }
};
