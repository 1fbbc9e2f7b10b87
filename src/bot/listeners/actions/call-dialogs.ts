import { toAppError } from '../../../core/error.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { buildCallSettings } from '../../blocks/call-settings.ts';
import { buildNotice, buildTooSlow } from '../../blocks/notice.ts';
import { buildOwnNumber } from '../../blocks/own-number.ts';
import { CALL_SETTINGS, OWN_NUMBER } from '../../sentences/settings.ts';
import { openView, withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseViewClick, type ViewClick } from './click.ts';

/** "Your phone number" and "Call settings" on the App Home. A refusal is a dialog as well. */
export const register = (app: Registry, { requests, api, clock, log }: ListenerDeps): void => {
  app.action(ACTIONS.changeOwnNumber, async (args) => {
    await args.ack();
    await show(OWN_NUMBER.title, parseViewClick(args), async ({ workspaceId, memberId }) =>
      buildOwnNumber(await requests.ownNumber(workspaceId, memberId)),
    );
  });

  app.action(ACTIONS.callSettings, async (args) => {
    await args.ack();
    await show(CALL_SETTINGS.title, parseViewClick(args), async ({ workspaceId, memberId }) => {
      const settings = await requests.callSettings(workspaceId, memberId);
      return 'refused' in settings
        ? buildNotice(CALL_SETTINGS.title, settings.refused)
        : buildCallSettings(settings);
    });
  });

  async function show(
    title: string,
    click: ViewClick,
    build: (click: ViewClick) => Promise<ReturnType<typeof buildNotice>>,
  ): Promise<void> {
    const filling = build(click).catch((error: unknown) => {
      log.warn({ err: error }, 'dialog not filled');
      return buildNotice(title, toAppError(error).userMessage);
    });
    await openView(api, click.triggerId, (await withinDeadline(clock, filling)) ?? buildTooSlow(title));
  }
};
