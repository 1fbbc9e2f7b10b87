import { toAppError } from '../../../core/error.ts';
import { IncomingContext, IncomingMessage, threadOf } from '../../incoming.ts';
import { toPostedFiles } from '../../posted-files.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { willComeAgain } from '../redelivery.ts';

/** The subtypes under which people post files; edits, joins, topics and the rest are not postings. */
const POSTINGS: ReadonlySet<string> = new Set(['', 'file_share', 'thread_broadcast']);

/** Recordings posted in a channel or a thread that Parley is in. */
export const register = (app: Registry, { requests, api, tell, log }: ListenerDeps): void => {
  app.event('message', async ({ event, context }) => {
    const message = IncomingMessage.parse(event);
    const { teamId, botUserId, retryNum } = IncomingContext.parse(context);
    const { user, files, bot_id: postingBot } = message;
    if (!user || postingBot || user === botUserId) return;
    if (!files?.length || !POSTINGS.has(message.subtype ?? '')) return;
    const thread = threadOf(teamId, message.channel, message);
    const ear = { channelId: thread.channelId, rootId: thread.rootId, memberId: user };
    try {
      await requests.filesPosted({
        thread,
        postedIn: message.ts,
        by: user,
        files: await toPostedFiles(api, files),
        asked: false,
      });
    } catch (error) {
      if (willComeAgain(error, retryNum)) throw error;
      log.error({ err: error, channel: thread.channelId }, 'posted files could not be taken on');
      await tell.tell(ear, toAppError(error).userMessage);
    }
  });
};
