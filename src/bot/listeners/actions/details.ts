import { ACTIONS } from '../../blocks/actions.ts';
import { buildDetails } from '../../blocks/details.ts';
import { DETAILS } from '../../sentences/results.ts';
import { openView } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "Details" under a result: every figure, in a dialog. */
export const register = (app: Registry, { requests, api, replies }: ListenerDeps): void => {
  app.action(ACTIONS.talkTimeDetails, async (args) => {
    await args.ack();
    const { conversationId, recipient, triggerId } = parseClick(args);
    await replies.sendOutcome(recipient, async () => {
      const details = await requests.resultDetails(conversationId);
      if (details === null) return { outcome: 'refused', sentence: DETAILS.none };
      await openView(api, triggerId, buildDetails(details));
      return null;
    });
  });
};
