import { ACTIONS } from '../../blocks/actions.ts';
import { IncomingViewClick } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { askForChannel } from '../start-meeting.ts';

/** "Start a meeting" on the App Home. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.action(ACTIONS.startMeeting, async ({ ack, body }) => {
    await ack();
    await askForChannel(deps, IncomingViewClick.parse(body).trigger_id);
  });
};
