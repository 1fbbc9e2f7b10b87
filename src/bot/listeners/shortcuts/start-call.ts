import { SHORTCUTS } from '../../blocks/actions.ts';
import { IncomingContext, IncomingGlobalShortcut } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { openStartCall } from '../start-call.ts';

/** "Start a call" among Slack's shortcuts: the same dialog as from the App Home. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.shortcut({ type: 'shortcut', callback_id: SHORTCUTS.startCall }, async ({ ack, body, context }) => {
    await ack();
    const { trigger_id: triggerId, user } = IncomingGlobalShortcut.parse(body);
    const { teamId: workspaceId } = IncomingContext.parse(context);
    await openStartCall(deps, { triggerId, workspaceId, by: user.id });
  });
};
