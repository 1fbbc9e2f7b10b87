import { ACTIONS } from '../../blocks/actions.ts';
import { IncomingEphemeralClick } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { openStartMeeting } from '../start-meeting.ts';
import { parseViewClick } from './click.ts';

/** "Start a meeting" on the App Home, and "Start a new meeting" on the card of one that no one joined. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.action(ACTIONS.startMeeting, async (args) => {
    await args.ack();
    const { triggerId, value } = parseViewClick(args);
    // The App Home is in no channel.
    const channelId = IncomingEphemeralClick.safeParse(args.body).data?.channel.id;
    await openStartMeeting(deps, triggerId, { title: value, channelId });
  });
};
