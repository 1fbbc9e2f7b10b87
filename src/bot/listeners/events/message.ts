import { toAppError } from '../../../core/error.ts';
import { IncomingContext, IncomingMessage, threadOf } from '../../incoming.ts';
import { toPostedFiles } from '../../posted-files.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** The subtypes under which people post files; edits, joins, topics and the rest are not posts. */
const POST_SUBTYPES: ReadonlySet<string> = new Set(['', 'file_share', 'thread_broadcast']);

/** Recordings posted in a channel or a thread that Parley is in. */
export const register = (app: Registry, { requests, api, replies, log }: ListenerDeps): void => {
  app.event('message', async ({ event, context }) => {
    const message = IncomingMessage.parse(event);
    const { teamId, botUserId, retryNum } = IncomingContext.parse(context);
    const { user, files, bot_id: postingBot } = message;
    if (!user || postingBot || user === botUserId) return;
    if (!files?.length || !POST_SUBTYPES.has(message.subtype ?? '')) return;
    const thread = threadOf(teamId, message.channel, message);
    const recipient = { channelId: thread.channelId, rootId: thread.rootId, memberId: user };
    try {
      await requests.filesPosted({
        thread,
        postedIn: message.ts,
        by: user,
        files: await toPostedFiles(api, files),
        explicit: false,
      });
    } catch (error) {
      if (willBeRedelivered(error, retryNum)) throw error;
      log.error({ err: error, channel: thread.channelId }, 'posted files not accepted');
      await replies.send(recipient, toAppError(error).userMessage);
    }
  });
};

/** Slack sends an event three times more: at once, after a minute, after five. */
const LAST_RETRY = 3;

/**
 * Whether Slack sends the event again if it is not acknowledged now (see `receiver.ts`). Files that are stored already
 * are not taken twice.
 */
const willBeRedelivered = (error: unknown, retryNum: number | undefined): boolean =>
  toAppError(error).retryable && (retryNum ?? 0) < LAST_RETRY;
