import type { Thread } from '../../../core/ids.ts';
import { IncomingContext, IncomingMessage, threadOf } from '../../incoming.ts';
import { filesIn, postedFilesOf } from '../../posted-files.ts';
import { acceptFiles } from '../accept-files.ts';
import { answerAddressed } from '../addressed.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** The subtypes under which people post; edits, joins, topics and the rest are not posts. */
const POST_SUBTYPES: ReadonlySet<string> = new Set(['', 'file_share', 'thread_broadcast']);

/** Recordings posted in a channel or a thread that Parley is in, and direct messages to Parley. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.event('message', async ({ event, context }) => {
    const message = IncomingMessage.parse(event);
    const { teamId, botUserId, retryNum } = IncomingContext.parse(context);
    const { user, bot_id: postingBot } = message;
    if (!user || postingBot || user === botUserId) return;
    if (!POST_SUBTYPES.has(message.subtype ?? '')) return;
    const thread = threadOf(teamId, message.channel, message);
    const posted = { thread, postedIn: message.ts, by: user };
    if (isDirect(thread)) {
      const isRepeat = retryNum !== undefined;
      const how = { message, retryNum, isRepeat, mayLackFiles: false, isDirect: true };
      return answerAddressed(deps, { ...posted, ...how });
    }
    if (filesIn(message).length === 0) return;
    const isMention = botUserId !== undefined && (message.text ?? '').includes(`<@${botUserId}`);
    await acceptFiles(deps, posted, () => postedFilesOf(deps.api, message), {
      approach: isMention ? 'addressed' : 'posted',
      retryNum,
    });
  });
};

/** Slack's ids of conversations between two begin with a D, and Parley is in no other than its own. */
const isDirect = ({ channelId }: Thread): boolean => channelId.startsWith('D');
