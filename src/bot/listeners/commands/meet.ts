import { COMMANDS } from '../../blocks/actions.ts';
import { buildHelp } from '../../blocks/help.ts';
import { TITLE_MAX } from '../../blocks/start-meeting.ts';
import { plain, unescapeMrkdwn } from '../../blocks/text.ts';
import { IncomingCommand, IncomingContext } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { startMeeting } from '../start-meeting.ts';

/** `/meet Topic`: starts a meeting in the channel in which it was typed. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.command(COMMANDS.meet, async ({ ack, command, context, respond }) => {
    await ack();
    const { text, user_id: by, channel_id: channelId, trigger_id } = IncomingCommand.parse(command);
    const workspaceId = IncomingContext.parse(context).teamId;
    const recipient = { channelId, rootId: null, memberId: by, respond };
    if (text.trim() === 'help') return deps.replies.send(recipient, buildHelp());

    await deps.replies.sendOutcome(recipient, () =>
      startMeeting(deps, {
        workspaceId,
        channelId,
        by,
        title: plain(unescapeMrkdwn(text), TITLE_MAX),
        origin: `command:${trigger_id}`,
      }),
    );
  });
};
