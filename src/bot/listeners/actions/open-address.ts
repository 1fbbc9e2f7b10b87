import { ACTIONS } from '../../blocks/actions.ts';
import type { Registry } from '../deps.ts';

/** The browser has opened the link already; the click only has to be acknowledged. */
export const register = (app: Registry): void => {
  app.action(ACTIONS.openAddress, async ({ ack }) => {
    await ack();
  });
};
