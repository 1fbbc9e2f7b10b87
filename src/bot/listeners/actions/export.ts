import { EXPORT_FORMATS } from '../../../core/conversation/types.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** An export button under a result: shares the file in its thread. */
export const register = (app: Registry, { requests, replies }: ListenerDeps): void => {
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
