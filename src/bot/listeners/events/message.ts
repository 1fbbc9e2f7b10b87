import { IncomingContext, IncomingDeletion, IncomingMessage, threadOf } from '../../incoming.ts';
import { approachIn, filesIn, postedFilesOf } from '../../posted-files.ts';
import { acceptFiles } from '../accept-files.ts';
import { answerAddressed } from '../addressed.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** The subtypes under which people post; edits, joins, topics and the rest are not posts. */
const POST_SUBTYPES: ReadonlySet<string> = new Set(['', 'file_share', 'thread_broadcast']);

/** Messages: recordings posted where Parley is, direct messages to Parley, and what was deleted. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.event('message', async ({ event, context }) => {
    const { teamId, botUserId, retryNum } = IncomingContext.parse(context);
    const deletion = IncomingDeletion.safeParse(event);
    if (deletion.success) return deps.requests.messageDeleted({ workspaceId: teamId, ...deletion.data });
    const message = IncomingMessage.parse(event);
    const { user, bot_id: postingBot } = message;
    if (!user || postingBot || user === botUserId) return;
    if (!POST_SUBTYPES.has(message.subtype ?? '')) return;
    const thread = threadOf(teamId, message.channel, message);
    const posted = { thread, postedIn: message.ts, by: user };
    const approach = approachIn(message.channel);
    if (approach === 'addressed') {
      const isRepeat = retryNum !== undefined;
      const how = { message, retryNum, isRepeat, mayLackFiles: false, isDirect: true };
      return answerAddressed(deps, { ...posted, ...how });
    }
    if (filesIn(message).length === 0) return;
    const isMention = botUserId !== undefined && (message.text ?? '').includes(`<@${botUserId}`);
    await acceptFiles(deps, posted, () => postedFilesOf(deps.api, message), {
      approach: isMention ? 'addressed' : approach,
      retryNum,
    });
  });
};
