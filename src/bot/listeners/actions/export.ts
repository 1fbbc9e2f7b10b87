import { EXPORT_FORMATS } from '../../../core/conversation/types.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { parseShare } from '../../blocks/share-menu.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "Share transcript…" under a result: sends the file to one person, or shares it in the thread. */
export const register = (app: Registry, { requests, replies }: ListenerDeps): void => {
  app.action(ACTIONS.shareTranscript, async (args) => {
    await args.ack();
    const { value, recipient } = parseClick(args);
    const share = parseShare(value);
    if (share === null) return;
    const { way, format, conversationId } = share;
    await replies.sendOutcome(recipient, () =>
      way === 'send'
        ? requests.sendExport(conversationId, recipient.memberId, format)
        : requests.shareExport(conversationId, recipient.memberId, format),
    );
  });
  for (const format of EXPORT_FORMATS) {
    app.action(`${ACTIONS.exportPrefix}${format}`, async (args) => {
      await args.ack();
      const { conversationId, recipient } = parseClick(args);
      await replies.sendOutcome(recipient, () =>
        requests.shareExport(conversationId, recipient.memberId, format),
      );
    });
  }
};
