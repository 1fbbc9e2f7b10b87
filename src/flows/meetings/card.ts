import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { ConversationId, MessageId } from '../../core/ids.ts';
import type { Chat, Store } from '../../core/ports.ts';
import type { MeetingCardMessage } from '../../core/thread-message.ts';

const cardKey = (id: ConversationId): string => `card:${id}`;

export const cardMessage = (
  conversation: MeetingConversation,
  more: { readonly present: readonly string[]; readonly unavailable: string | null },
): MeetingCardMessage => {
  const { id, title, startedBy, startedAtMs, endedAtMs } = conversation;
  const ended = endedAtMs !== null;
  return {
    kind: 'meeting-card',
    conversationId: id,
    title,
    startedBy,
    state: ended ? 'ended' : more.present.length > 0 ? 'live' : 'waiting',
    present: ended ? [] : more.present,
    startedAtMs,
    endedAtMs,
    unavailable: ended ? null : more.unavailable,
  };
};

/** Posts the card once, and answers where it is. */
export const postCard = async (
  { store, chat }: { store: Store; chat: Chat },
  { id, channel }: MeetingConversation,
  card: MeetingCardMessage,
): Promise<MessageId> => {
  const { workspaceId, channelId } = channel;
  const key = cardKey(id);
  const known = await store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') return known.posted.messageId;
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, id));
  const found = known === null ? null : await chat.findCard(workspaceId, channelId, key);
  const posted = found ?? (await chat.postCard(workspaceId, channelId, card, key));
  await store.transact((tx) => tx.saveDelivery(key, { state: 'message', posted, revision: 1 }));
  return posted.messageId;
};

export const editCard = async (
  { store, chat }: { store: Store; chat: Chat },
  { id, channel }: MeetingConversation,
  card: MeetingCardMessage,
): Promise<void> => {
  const known = await store.transact((tx) => tx.delivery(cardKey(id)));
  if (known?.state === 'message') await chat.edit(channel.workspaceId, known.posted, card);
};
