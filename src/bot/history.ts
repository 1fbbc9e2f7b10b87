import { z } from 'zod';
import type { ChannelId, Thread } from '../core/ids.ts';
import type { Api } from './api/api.ts';

const PAGE = 200;
/** Threads of more than this many messages are not searched to their end. */
const THREAD_PAGES = 20;
/** What is looked for in a channel was posted moments ago, so only a very busy channel needs a second page. */
const CHANNEL_PAGES = 5;

const HistoryMessage = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});
export type SeenMessage = z.infer<typeof HistoryMessage>;

const Page = z.object({
  messages: z.array(HistoryMessage),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * What is in a thread, its root first. Reading back is for finding out after a crash what was already said, and
 * never for steady state: Slack throttles it harder than anything else.
 */
export const threadMessages = (api: Api, thread: Thread): AsyncGenerator<SeenMessage> =>
  pages(api, 'conversations.replies', { channel: thread.channelId, ts: thread.rootId }, THREAD_PAGES);

/** The latest messages of a channel, the newest first, without what is in threads. The same holds for these. */
export const channelMessages = (api: Api, channel: ChannelId): AsyncGenerator<SeenMessage> =>
  pages(api, 'conversations.history', { channel }, CHANNEL_PAGES);

async function* pages(
  api: Api,
  method: 'conversations.replies' | 'conversations.history',
  place: Record<string, string>,
  most: number,
): AsyncGenerator<SeenMessage> {
  let cursor: string | undefined;
  for (let page = 0; page < most; page += 1) {
    const { messages, response_metadata } = await api.call(
      method,
      { ...place, limit: PAGE, include_all_metadata: true, ...(cursor === undefined ? {} : { cursor }) },
      Page,
    );
    yield* messages;
    cursor = response_metadata?.next_cursor;
    if (!cursor) return;
  }
}
