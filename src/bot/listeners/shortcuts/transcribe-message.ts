import type { RequestOutcome } from '../../../core/ports.ts';
import { SHORTCUTS } from '../../blocks/actions.ts';
import { IncomingContext, IncomingShortcut, threadOf } from '../../incoming.ts';
import { linksIn } from '../../links.ts';
import { isMember } from '../../membership.ts';
import { toPostedFiles } from '../../posted-files.ts';
import { MEMBERSHIP, TRANSCRIBE } from '../../sentences/errors.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** "Transcribe" in a message's menu: for its files, or else its first link. */
export const register = (app: Registry, { requests, api, replies }: ListenerDeps): void => {
  app.shortcut({ type: 'message_action', callback_id: SHORTCUTS.transcribe }, async (args) => {
    await args.ack();
    const { user, channel, message } = IncomingShortcut.parse(args.body);
    const thread = threadOf(IncomingContext.parse(args.context).teamId, channel.id, message);
    const recipient = {
      channelId: channel.id,
      rootId: thread.rootId,
      memberId: user.id,
      respond: args.respond,
    };
    await replies.sendOutcome(recipient, async (): Promise<RequestOutcome> => {
      if (!(await isMember(api, channel.id))) return { outcome: 'refused', sentence: MEMBERSHIP.notMember };
      const common = { thread, postedIn: message.ts, by: user.id };
      const files = await toPostedFiles(api, message.files ?? []);
      if (files.length > 0) return requests.filesPosted({ ...common, files, explicit: true });
      const [url] = linksIn(message);
      if (url === undefined) return { outcome: 'refused', sentence: TRANSCRIBE.nothingThere };
      return requests.transcribeLink({ ...common, url, origin: `link:${message.ts}:${url}` });
    });
  });
};
