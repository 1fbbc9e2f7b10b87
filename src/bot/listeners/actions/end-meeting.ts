import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "End for everyone" in the card's menu, once confirmed. */
export const register = (app: Registry, { requests, replies }: ListenerDeps): void => {
  app.action(ACTIONS.endMeeting, async (args) => {
    await args.ack();
    const { conversationId, recipient } = parseClick(args);
    await replies.sendOutcome({ ...recipient, rootId: null }, () =>
      requests.endMeeting(conversationId, recipient.memberId),
    );
  });
};
