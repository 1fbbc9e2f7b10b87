import { IncomingContext, IncomingMessage, threadOf } from '../../incoming.ts';
import { answerAddressed } from '../addressed.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/**
 * A mention of Parley: transcribes its recording or its link to one, or else replies with the help. Slack sends it beside
 * the event of the message itself, in either order, and again whenever the message is edited.
 */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.event('app_mention', async ({ event, context }) => {
    const message = IncomingMessage.parse(event);
    const { teamId, retryNum } = IncomingContext.parse(context);
    if (!message.user || message.bot_id) return;
    await answerAddressed(deps, {
      thread: threadOf(teamId, message.channel, message),
      postedIn: message.ts,
      by: message.user,
      message,
      retryNum,
      isRepeat: retryNum !== undefined || message.edited !== undefined,
      mayLackFiles: true,
      isDirect: false,
    });
  });
};
