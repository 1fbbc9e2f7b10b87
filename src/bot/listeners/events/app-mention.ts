import { z } from 'zod';
import type { Thread } from '../../../core/ids.ts';
import { buildHelp } from '../../blocks/help.ts';
import { IncomingContext, IncomingMessage, threadOf } from '../../incoming.ts';
import { linksIn, looksLikeRecording } from '../../links.ts';
import { METADATA_TYPE } from '../../messages.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

const Posted = z.object({ ts: z.string() });

/** A mention of Parley: transcribes a link to a recording, or else replies with the help. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.event('app_mention', async ({ event, context }) => {
    const message = IncomingMessage.parse(event);
    const { teamId, retryNum } = IncomingContext.parse(context);
    // A mention with a file is also a posted file, and is handled as one.
    if (!message.user || message.bot_id || message.files?.length) return;
    const thread = threadOf(teamId, message.channel, message);
    const recipient = { channelId: thread.channelId, rootId: thread.rootId, memberId: message.user };
    const by = message.user;
    const [url] = linksIn(message);
    await deps.replies.sendOutcome(recipient, async () => {
      if (url !== undefined && looksLikeRecording(url)) {
        const origin = `link:${message.ts}:${url}`;
        return deps.requests.transcribeLink({ thread, postedIn: message.ts, by, url, origin });
      }
      const key = `help:${message.ts}`;
      // Sent again because the acknowledgement was late: the help may be posted already.
      if (retryNum !== undefined && (await deps.chat.find(thread, key)) !== null) return null;
      await postHelp(deps, thread, key, url ?? null);
      return null;
    });
  });
};

const postHelp = async (
  { api, commands }: ListenerDeps,
  thread: Thread,
  key: string,
  linkUrl: string | null,
): Promise<void> => {
  await api.call(
    'chat.postMessage',
    {
      channel: thread.channelId,
      thread_ts: thread.rootId,
      ...buildHelp(commands, { linkUrl }),
      metadata: { event_type: METADATA_TYPE, event_payload: { key, kind: 'help', final: true } },
      unfurl_links: false,
    },
    Posted,
  );
};
