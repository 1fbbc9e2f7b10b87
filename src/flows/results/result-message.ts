import type { ConversationId } from '../../core/ids.ts';
import type { ShownMessage, Tx } from '../../core/ports.ts';
import type { ResultMessage } from '../../core/thread-message.ts';
import type { PostedConversation } from '../util/conversations.ts';
import { type Posting, replaceStatus, showStatus } from './status-message.ts';

/** The delivery key of a result that is a message of its own. */
export const resultKey = (id: ConversationId): string => `result:${id}`;

/**
 * Shows a result first as a message of its own, because an edited line notifies no one; the line of its progress goes. From
 * then on it is edited. Recordings of one message become the lines of their progress, which stand in the order of the files.
 */
export const showResult = async (
  posting: Posting,
  conversation: PostedConversation,
  message: ResultMessage,
): Promise<ShownMessage> => {
  const mayEdit = await posting.store.transact((tx) => isEdit(tx, conversation));
  if (mayEdit) return showStatus(posting, conversation, message);
  const { posted, whole } = await replaceStatus(posting, conversation, resultKey(conversation.id), message);
  // An earlier attempt may have posted it with older names.
  return whole === null ? showStatus(posting, conversation, message) : { ...posted, whole };
};

/** Whether the status message is the result already, or is to become it. */
const isEdit = async (tx: Tx, conversation: PostedConversation): Promise<boolean> => {
  const own = await tx.delivery(resultKey(conversation.id));
  return own === null ? isOneOfSeveral(tx, conversation) : own.state === 'withdrawn';
};

const isOneOfSeveral = async (tx: Tx, conversation: PostedConversation): Promise<boolean> => {
  if (conversation.kind !== 'recording') return false;
  const { workspaceId, channelId } = conversation.thread;
  return (await tx.conversationsPostedIn(workspaceId, channelId, conversation.postedIn)).length > 1;
};
