import { IncomingContext, IncomingHomeOpened } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** Publishes the App Home when a member opens it. */
export const register = (app: Registry, { chat }: ListenerDeps): void => {
  app.event('app_home_opened', async ({ event, context }) => {
    const { user, tab } = IncomingHomeOpened.parse(event);
    // The Messages tab sends the same event and has nothing to publish.
    if (tab === 'messages') return;
    await chat.refreshHome(IncomingContext.parse(context).teamId, user);
  });
};
