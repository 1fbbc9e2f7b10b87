import { IncomingContext, IncomingHomeOpened } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

/** Somebody looks at Parley's Home tab. */
export const register = (app: Registry, { chat }: ListenerDeps): void => {
  app.event('app_home_opened', async ({ event, context }) => {
    const { user, tab } = IncomingHomeOpened.parse(event);
    // The same event tells of the Messages tab, where there is nothing to draw.
    if (tab === 'messages') return;
    await chat.refreshHome(IncomingContext.parse(context).teamId, user);
  });
};
