import { ACTIONS } from '../../blocks/actions.ts';
import type { Registry } from '../deps.ts';

/** The browser has opened the address already; Slack only wants to hear that the click arrived. */
export const register = (app: Registry): void => {
  app.action(ACTIONS.openAddress, async ({ ack }) => {
    await ack();
  });
};
