import { z } from 'zod';
import type { ChannelId, MemberId, MessageId, Thread } from '../core/ids.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal } from './api/refusal.ts';
import { MessageContent } from './incoming.ts';

const PAGE = 200;
/** Longer threads are not searched to their end. */
const THREAD_PAGES = 20;
/** The search is for a message of moments ago, so only a very busy channel needs a second page. */
const CHANNEL_PAGES = 5;

const HistoryMessage = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});
export type HistoryMessage = z.infer<typeof HistoryMessage>;

const Page = z.object({
  messages: z.array(HistoryMessage),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * The messages of a thread, its root first. Reading back is for recovery after a crash only: Slack limits it harder than
 * anything else.
 */
export const threadMessages = (api: Api, thread: Thread): AsyncGenerator<HistoryMessage> =>
  pages(api, 'conversations.replies', { channel: thread.channelId, ts: thread.rootId }, THREAD_PAGES);

/** The latest messages of a channel, newest first, without those in threads. For recovery as well. */
export const channelMessages = (api: Api, channel: ChannelId): AsyncGenerator<HistoryMessage> =>
  pages(api, 'conversations.history', { channel }, CHANNEL_PAGES);

const Post = MessageContent.extend({
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  thread_ts: z
    .string()
    .transform((ts) => ts as MessageId)
    .optional(),
});
type Post = z.infer<typeof Post>;
const Posts = z.object({ messages: z.array(Post) });

/**
 * One message of a thread, for what Slack left out of an event. Null when it is not there (any more).
 * @throws {SlackRefusal}
 */
export const messageAt = async (
  api: Api,
  { channelId, rootId }: Thread,
  messageId: MessageId,
): Promise<Post | null> => {
  const { messages } = await api.call(
    'conversations.replies',
    // The root comes with every page.
    { channel: channelId, ts: rootId, oldest: messageId, latest: messageId, inclusive: true, limit: 2 },
    Posts,
  );
  return messages.find(({ ts }) => ts === messageId) ?? null;
};

const Length = z.object({ messages: z.array(z.object({ ts: z.string() })) });

/** Whether anything that everyone sees is in the thread below its root; false when Slack does not say. */
export const hasReply = async (api: Api, channel: ChannelId, rootId: MessageId): Promise<boolean> => {
  try {
    const args = { channel, ts: rootId, limit: 2 };
    const { messages } = await api.call('conversations.replies', args, Length, { lowPriority: true });
    return messages.some(({ ts }) => ts !== rootId);
  } catch {
    return false;
  }
};

/** The search is for a message of seconds ago. */
const LATEST = 50;

/** The newest of a channel's latest messages that is meant; null when none is. */
export const latestMessageWith = async (
  api: Api,
  channel: ChannelId,
  isMeant: (message: Post) => boolean,
): Promise<Post | null> => {
  const { messages } = await api.call('conversations.history', { channel, limit: LATEST }, Posts);
  return messages.find(isMeant) ?? null;
};

/** Whether the message that a thread is below still exists. @throws {SlackRefusal} when Slack does not say */
export const hasRoot = async (api: Api, { channelId, rootId }: Thread): Promise<boolean> => {
  try {
    await api.call('conversations.replies', { channel: channelId, ts: rootId, limit: 1 }, Length);
    return true;
  } catch (error) {
    if (error instanceof SlackRefusal && error.code === 'recording-gone') return false;
    throw error;
  }
};

/** Enough for everyone with direct messages from Parley in the largest workspaces. */
const DIRECT_PAGES = 100;

const DirectPage = z.object({
  channels: z.array(z.object({ id: z.string(), user: z.string().optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** The channel of a member's direct messages with Parley; null when there are none. For recovery as well. */
export const directChannel = async (api: Api, memberId: MemberId): Promise<ChannelId | null> => {
  let cursor: string | undefined;
  for (let page = 0; page < DIRECT_PAGES; page += 1) {
    const { channels, response_metadata } = await api.call(
      'users.conversations',
      { types: 'im', limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
      DirectPage,
    );
    const theirs = channels.find(({ user }) => user === memberId);
    if (theirs !== undefined) return theirs.id as ChannelId;
    cursor = response_metadata?.next_cursor;
    if (!cursor) return null;
  }
  return null;
};

async function* pages(
  api: Api,
  method: 'conversations.replies' | 'conversations.history',
  where: Record<string, string>,
  maxPages: number,
): AsyncGenerator<HistoryMessage> {
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { messages, response_metadata } = await api.call(
      method,
      { ...where, limit: PAGE, include_all_metadata: true, ...(cursor === undefined ? {} : { cursor }) },
      Page,
    );
    yield* messages;
    cursor = response_metadata?.next_cursor;
    if (!cursor) return;
  }
}
