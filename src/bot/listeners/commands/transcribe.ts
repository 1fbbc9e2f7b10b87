import { z } from 'zod';
import type { MessageId } from '../../../core/ids.ts';
import { COMMANDS } from '../../blocks/actions.ts';
import { buildHelp } from '../../blocks/help.ts';
import { escapeMrkdwn } from '../../blocks/text.ts';
import { IncomingCommand, IncomingContext } from '../../incoming.ts';
import { hasCredentials, linkInCommand } from '../../links.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

const Posted = z.object({ ts: z.string().transform((ts) => ts as MessageId) });

/** `/transcribe https://…`: a command has no message to answer under, so Parley posts one that says who asked. */
export const register = (app: Registry, { requests, api, replies }: ListenerDeps): void => {
  app.command(COMMANDS.transcribe, async ({ ack, command, context, respond }) => {
    await ack();
    const { text, user_id: by, channel_id: channelId } = IncomingCommand.parse(command);
    const workspaceId = IncomingContext.parse(context).teamId;
    const recipient = { channelId, rootId: null, memberId: by, respond };
    if (text.trim() === '' || text.trim() === 'help') return replies.send(recipient, buildHelp());

    await replies.sendOutcome(recipient, async () => {
      const url = linkInCommand(text);
      if (url === null) return { outcome: 'refused', sentence: NO_LINK };
      // Only the one who typed has seen it so far, and below it is posted for all.
      if (hasCredentials(url)) return { outcome: 'refused', sentence: HOLDS_PASSWORD };
      const { ts } = await api.call(
        'chat.postMessage',
        {
          channel: channelId,
          text: `<@${by}> asked for a transcript of ${show(url)}`,
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

const NO_LINK =
  'That is not a link that Parley can follow. ' +
  'Please type /transcribe and the whole address of a recording, beginning with https://.';
const HOLDS_PASSWORD =
  'That link holds a user name or a password, which everybody here would see. Please give a link that needs none.';

/**
 * As Slack writes links; a bar would end the address early. A query often is a signature that lets its holder in,
 * and nobody but the one who typed it has seen it: the channel gets such an address without it, and not as a link.
 */
const show = (url: string): string => {
  const { host, pathname, search, hash } = new URL(url);
  return search === '' && hash === ''
    ? `<${escapeMrkdwn(url.replaceAll('|', '%7C'))}>`
    : `\`${escapeMrkdwn(`${host}${pathname}`.replaceAll('`', ''))}\``;
};
