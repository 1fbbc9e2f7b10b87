import { SHORTCUTS } from '../../blocks/actions.ts';
import { IncomingGlobalShortcut } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { openStartMeeting } from '../start-meeting.ts';

/** "Start a meeting" among Slack's shortcuts, which belong to no channel: the dialog has a field for it. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.shortcut({ type: 'shortcut', callback_id: SHORTCUTS.startMeeting }, async ({ ack, body }) => {
    await ack();
    await openStartMeeting(deps, IncomingGlobalShortcut.parse(body).trigger_id);
  });
};
