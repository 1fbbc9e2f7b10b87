import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "End for all" in the card's menu, once Slack has asked whether it is meant. */
export const register = (app: Registry, { requests, tell }: ListenerDeps): void => {
  app.action(ACTIONS.endMeeting, async (args) => {
    await args.ack();
    const { conversationId, ear } = parseClick(args);
    await tell.answer({ ...ear, rootId: null }, () => requests.endMeeting(conversationId, ear.memberId));
  });
};
