import { z } from 'zod';
import type { Thread } from '../core/ids.ts';
import type { Api } from './api/api.ts';

const PAGE = 200;
/** Threads of more than this many messages are not searched to their end. */
const MAX_PAGES = 20;

const ThreadMessage = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});
export type SeenMessage = z.infer<typeof ThreadMessage>;

const Page = z.object({
  messages: z.array(ThreadMessage),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * What is in a thread, its root first. For finding out after a crash what was already said, and never in steady
 * state: Slack throttles reading threads harder than anything else.
 */
export async function* threadMessages(api: Api, thread: Thread): AsyncGenerator<SeenMessage> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { messages, response_metadata } = await api.call(
      'conversations.replies',
      {
        channel: thread.channelId,
        ts: thread.rootId,
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor === undefined ? {} : { cursor }),
      },
      Page,
    );
    yield* messages;
    cursor = response_metadata?.next_cursor;
    if (!cursor) return;
  }
}
