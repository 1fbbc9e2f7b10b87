import { z } from 'zod';
import { isGone } from '../core/error.ts';
import type { ChannelId, MemberId, MessageId } from '../core/ids.ts';
import type { Chat, PostedMessage } from '../core/ports.ts';
import type { ThreadMessage } from '../core/thread-message.ts';
import { type Api, Done } from './api/api.ts';
import { SlackRefusal } from './api/refusal.ts';
import { buildMessage } from './blocks/build.ts';
import { buildResult } from './blocks/result.ts';
import { channelMessages, directChannel, type HistoryMessage, threadMessages } from './history.ts';

/** Marks Parley's messages for later processes and for tools. */
export const METADATA_TYPE = 'parley_message';

const Posted = z.object({ ts: z.string() });
/** For a message to a member, Slack chooses the channel. */
const PostedTo = Posted.extend({ channel: z.string() });

export type Messages = Pick<
  Chat,
  'post' | 'find' | 'postCard' | 'findCard' | 'postPrivately' | 'findPrivate' | 'edit' | 'remove' | 'fits'
>;

/** Parley's messages in threads, cards and direct messages. */
export const createMessages = ({ api }: { api: Api }): Messages => ({
  post: ({ channelId, rootId }, message, key) =>
    post(api, channelId, message, { thread_ts: rootId, metadata: metadataOf(message, key) }),
  find: (thread, key) => firstWithKey(threadMessages(api, thread), thread.channelId, key),

  postCard: (_workspaceId, channelId, message, key) =>
    post(api, channelId, message, { metadata: metadataOf(message, key) }),
  findCard: (_workspaceId, channelId, key) => firstWithKey(channelMessages(api, channelId), channelId, key),

  postPrivately: (_workspaceId, to, message, key) =>
    post(api, to, message, { metadata: metadataOf(message, key) }),
  async findPrivate(_workspaceId, to, key) {
    const channelId = await directChannel(api, to);
    return channelId === null ? null : firstWithKey(channelMessages(api, channelId), channelId, key);
  },

  async edit(_workspaceId, posted, message) {
    const { text, blocks } = buildMessage(message);
    const isProgress = message.kind === 'progress';
    try {
      await api.call(
        'chat.update',
        {
          channel: posted.channelId,
          ts: posted.messageId,
          text,
          blocks,
          metadata: metadataOf(message, null),
        },
        Posted,
        { lowPriority: isProgress },
      );
    } catch (error) {
      // The next progress message says more than this one would, and a result must not wait behind it.
      if (isProgress && error instanceof SlackRefusal && error.slackCode === 'ratelimited') return;
      throw error;
    }
  },

  async remove(_workspaceId, { channelId, messageId }) {
    try {
      await api.call('chat.delete', { channel: channelId, ts: messageId }, Done);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },

  fits: (message) => buildResult(message).whole,
});

const post = async (
  api: Api,
  to: ChannelId | MemberId,
  message: ThreadMessage,
  more: { readonly thread_ts?: MessageId; readonly metadata: object },
): Promise<PostedMessage> => {
  const { text, blocks } = buildMessage(message);
  const { ts, channel } = await api.call(
    'chat.postMessage',
    { channel: to, text, blocks, ...more, unfurl_links: false, unfurl_media: false },
    PostedTo,
  );
  return { channelId: channel as ChannelId, messageId: ts as MessageId };
};

const firstWithKey = async (
  messages: AsyncIterable<HistoryMessage>,
  channelId: ChannelId,
  key: string,
): Promise<PostedMessage | null> => {
  for await (const { ts, metadata } of messages) {
    if (metadata?.event_type === METADATA_TYPE && metadata.event_payload.key === key) {
      return { channelId, messageId: ts as MessageId };
    }
  }
  return null;
};

/** Metadata of a message. `key` is there from the post until the first edit, when its address is known. */
const metadataOf = (message: ThreadMessage, key: string | null) => ({
  event_type: METADATA_TYPE,
  event_payload: { ...payloadOf(message), ...(key === null ? {} : { key }) },
});

/** `final`: nothing follows unless someone acts; `outcome` says whether it is a result or a failure. */
const payloadOf = (message: ThreadMessage) => {
  switch (message.kind) {
    case 'progress':
      return { kind: 'recording', final: false };
    case 'result':
    case 'private-result':
    case 'failure':
      return {
        kind: 'recording',
        final: true,
        outcome: message.kind === 'failure' ? 'failure' : 'result',
        conversation: message.conversationId,
      };
    case 'meeting-card':
      return {
        kind: 'meeting',
        final: false,
        state: message.state,
        conversation: message.conversationId,
      };
    case 'call-card':
      return {
        kind: 'call',
        final: false,
        state: message.ended ? 'ended' : 'live',
        conversation: message.conversationId,
      };
    case 'captions':
    case 'remark':
      return { kind: message.kind, final: false };
  }
};
