import { z } from 'zod';
import type { MessageId } from '../../../core/ids.ts';
import { buildHelp } from '../../blocks/help.ts';
import { escapeMrkdwn } from '../../blocks/text.ts';
import { hasCredentials, linkInCommand } from '../../links.ts';
import { TRANSCRIBE } from '../../sentences/errors.ts';
import { type RunCommand, refused } from './typed.ts';

const Posted = z.object({ ts: z.string().transform((ts) => ts as MessageId) });

/** `/parley transcribe https://…`: a command has no message to reply to, so Parley posts one that names the requester. */
export const runTranscribe: RunCommand = async (deps, { command, text, workspaceId, by, recipient }) => {
  const { requests, api, replies, commands } = deps;
  if (/^\s*(?:help)?\s*$/i.test(text)) {
    await replies.send(recipient, buildHelp(commands));
    return null;
  }
  const url = linkInCommand(text);
  if (url === null) return refused(TRANSCRIBE.noLink(command));
  // Until now only its author sees it; below it is posted for the channel.
  if (hasCredentials(url)) return refused(TRANSCRIBE.hasCredentials);
  const { channelId } = recipient;
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
