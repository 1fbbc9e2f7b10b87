import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { openStartCall } from '../start-call.ts';
import { parseViewClick } from './click.ts';

/** "Start a call" on the App Home. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.action(ACTIONS.startCall, async (args) => {
    await args.ack();
    const { triggerId, workspaceId, memberId: by } = parseViewClick(args);
    await openStartCall(deps, { triggerId, workspaceId, by });
  });
};
