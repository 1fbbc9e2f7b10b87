import type { PostedFile, RequestOutcome } from '../../../core/ports.ts';
import type { Api } from '../../api/api.ts';
import { SHORTCUTS } from '../../blocks/actions.ts';
import { messageAt } from '../../history.ts';
import { IncomingContext, IncomingShortcut, type MessageContent, threadOf } from '../../incoming.ts';
import { linksIn } from '../../links.ts';
import { isMember } from '../../membership.ts';
import { postedFilesOf } from '../../posted-files.ts';
import { MEMBERSHIP, TRANSCRIBE } from '../../sentences/errors.ts';
import { recipientOf } from '../actions/click.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** "Transcribe" in a message's menu: for its files, or else its first link. */
export const register = (app: Registry, { requests, api, replies }: ListenerDeps): void => {
  app.shortcut({ type: 'message_action', callback_id: SHORTCUTS.transcribe }, async (args) => {
    await args.ack();
    const { user, channel, message } = IncomingShortcut.parse(args.body);
    const thread = threadOf(IncomingContext.parse(args.context).teamId, channel.id, message);
    const recipient = recipientOf(args, user.id, channel.id, message);
    await replies.sendOutcome(recipient, async (): Promise<RequestOutcome> => {
      if (!(await isMember(api, channel.id))) return { outcome: 'refused', sentence: MEMBERSHIP.notMember };
      const common = { thread, postedIn: message.ts, by: user.id };
      const asked = await askedFor(api, message);
      // Of some messages (a workflow's, a bot's) the menu sends less than there is.
      const found = asked ?? (await askedFor(api, await messageAt(api, thread, message.ts)));
      if (found === null) return { outcome: 'refused', sentence: TRANSCRIBE.nothingThere };
      if ('files' in found) {
        return requests.filesPosted({ ...common, files: found.files, approach: 'chosen' });
      }
      return requests.transcribeLink({
        ...common,
        url: found.url,
        origin: `link:${message.ts}:${found.url}`,
      });
    });
  });
};

const askedFor = async (
  api: Api,
  message: MessageContent | null,
): Promise<{ readonly files: readonly PostedFile[] } | { readonly url: string } | null> => {
  if (message === null) return null;
  const files = await postedFilesOf(api, message);
  if (files.length > 0) return { files };
  const [url] = linksIn(message);
  return url === undefined ? null : { url };
};
