import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "Try again" under a recording that failed. */
export const register = (app: Registry, { requests, replies }: ListenerDeps): void => {
  app.action(ACTIONS.retry, async (args) => {
    await args.ack();
    const { conversationId, recipient } = parseClick(args);
    await replies.sendOutcome(recipient, () => requests.retry(conversationId, recipient.memberId));
  });
};
