import type { Conversation } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Chat, PostedMessage, Store } from '../../core/ports.ts';
import type { ThreadMessage } from '../../core/thread-message.ts';
import type { PostedConversation } from '../state.ts';

/** Each conversation has one message in its thread, which becomes its result: this is its delivery's key. */
export const statusKey = (id: ConversationId): string => `status:${id}`;

/** Posts the conversation's message, or edits it when it is there. */
export const showStatus = (
  parts: { store: Store; chat: Chat },
  conversation: PostedConversation,
  message: ThreadMessage,
): Promise<PostedMessage> =>
  showInThread(parts, conversation, {
    key: statusKey(conversation.id),
    revision: conversation.revision,
    message,
  });

/**
 * Posts a message once, and answers where it is. The intention is stored before the attempt, so after a crash or a lost
 * answer the message is looked for instead of posting another.
 */
export const postOnce = async (
  store: Store,
  { id, revision }: Conversation,
  key: string,
  chat: { readonly find: () => Promise<PostedMessage | null>; readonly post: () => Promise<PostedMessage> },
): Promise<PostedMessage> => {
  const known = await store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') return known.posted;
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, id));
  const found = known === null ? null : await chat.find();
  const posted = found ?? (await chat.post());
  await store.transact((tx) => tx.saveDelivery(key, { state: 'message', posted, revision }));
  return posted;
};

/**
 * Posts a message in the conversation's thread, or edits it when it is there. The intention is stored before the
 * attempt, so after a crash or a lost answer the thread is searched for the message instead of posting another.
 */
export const showInThread = async (
  { store, chat }: { store: Store; chat: Chat },
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
