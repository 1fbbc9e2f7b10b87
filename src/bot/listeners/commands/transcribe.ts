import { z } from 'zod';
import type { MessageId } from '../../../core/ids.ts';
import { COMMANDS } from '../../blocks/actions.ts';
import { buildHelp } from '../../blocks/help.ts';
import { escapeMrkdwn } from '../../blocks/text.ts';
import { IncomingCommand, IncomingContext } from '../../incoming.ts';
import { hasCredentials, linkInCommand } from '../../links.ts';
import { TRANSCRIBE } from '../../sentences/errors.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

const Posted = z.object({ ts: z.string().transform((ts) => ts as MessageId) });

/** `/transcribe https://…`: a command has no message to reply to, so Parley posts one that names the requester. */
export const register = (app: Registry, { requests, api, replies }: ListenerDeps): void => {
  app.command(COMMANDS.transcribe, async ({ ack, command, context, respond }) => {
    await ack();
    const { text, user_id: by, channel_id: channelId } = IncomingCommand.parse(command);
    const workspaceId = IncomingContext.parse(context).teamId;
    const recipient = { channelId, rootId: null, memberId: by, respond };
    if (text.trim() === '' || text.trim() === 'help') return replies.send(recipient, buildHelp());

    await replies.sendOutcome(recipient, async () => {
      const url = linkInCommand(text);
      if (url === null) return { outcome: 'refused', sentence: TRANSCRIBE.noLink };
      // Until now only its author sees it; below it is posted for the channel.
      if (hasCredentials(url)) return { outcome: 'refused', sentence: TRANSCRIBE.hasCredentials };
      const { ts } = await api.call(
        'chat.postMessage',
        {
          channel: channelId,
          text: TRANSCRIBE.requested(by, formatLink(url)),
          unfurl_links: false,
          unfurl_media: false,
        },
        Posted,
      );
      const thread = { workspaceId, channelId, rootId: ts };
      return requests.transcribeLink({ thread, postedIn: ts, by, url, origin: `command:${ts}` });
    });
  });
};

/**
 * As Slack writes links; a bar would end the address early. A query is often a signature that grants access and is known
 * to its author alone, so the channel sees such an address without its query, and not as a link.
 */
const formatLink = (url: string): string => {
  const { host, pathname, search, hash } = new URL(url);
  return search === '' && hash === ''
    ? `<${escapeMrkdwn(url.replaceAll('|', '%7C'))}>`
    : `\`${escapeMrkdwn(`${host}${pathname}`.replaceAll('`', ''))}\``;
};
