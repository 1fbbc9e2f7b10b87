import { z } from 'zod';
import type { ConversationId, MessageId } from '../core/ids.ts';
import type { Chat } from '../core/ports.ts';
import type { ThreadMessage } from '../core/thread-message.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal } from './api/errors.ts';
import { buildMessage } from './blocks/build.ts';
import { buildResult } from './blocks/result.ts';
import { threadMessages } from './thread.ts';

/** Marks Parley's messages, so that a later process, or a tool, can tell what they are. */
export const METADATA_TYPE = 'parley_message';

const Posted = z.object({ ts: z.string() });

export type Messages = Pick<Chat, 'post' | 'find' | 'edit' | 'fits'>;

/** Parley's answers in threads. */
export const createMessages = ({ api }: { api: Api }): Messages => ({
  async post(thread, message, key) {
    const { text, blocks } = buildMessage(message);
    const { ts } = await api.call(
      'chat.postMessage',
      {
        channel: thread.channelId,
        thread_ts: thread.rootId,
        text,
        blocks,
        metadata: metadataOf(message, key),
        unfurl_links: false,
        unfurl_media: false,
      },
      Posted,
    );
    return { channelId: thread.channelId, messageId: ts as MessageId };
  },

  async find(thread, key) {
    for await (const { ts, metadata } of threadMessages(api, thread)) {
      if (metadata?.event_type === METADATA_TYPE && metadata.event_payload.key === key) {
        return { channelId: thread.channelId, messageId: ts as MessageId };
      }
    }
    return null;
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
      // The next progress line says more than this one would, and a result must not wait behind it.
      if (isProgress && error instanceof SlackRefusal && error.slackCode === 'ratelimited') return;
      throw error;
    }
  },

  fits: (message) => buildResult(message).whole,
});

/**
 * What machines read of a message. `final` once nothing more comes by itself; `outcome` then says whether that is
 * a result or a failure.
 * `key` is there from the first posting until the first edit, by which time whoever posted it knows where it is.
 */
const metadataOf = (message: ThreadMessage, key: string | null) => {
  const conversation: ConversationId | null = message.kind === 'progress' ? null : message.conversationId;
  return {
    event_type: METADATA_TYPE,
    event_payload: {
      kind: 'recording',
      final: message.kind !== 'progress',
      ...(message.kind === 'progress' ? {} : { outcome: message.kind }),
      ...(key === null ? {} : { key }),
      ...(conversation === null ? {} : { conversation }),
    },
  };
};
