import { parseRequest } from '../../common/control/parse-request.ts';
import { verifyRequestUrl } from '../events/http.ts';
import type { AppSettings } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { AppChange, AppView } from './contract.ts';
import { appChange } from './requests.ts';

/** The app's settings without its secrets. */
export const viewApp = ({ app }: Workspace): AppView => {
  const { botId: _botId, name: _name, signingSecret: _secret, ...shown } = app();
  return {
    ...shown,
    commands: [...shown.commands],
    messageShortcuts: [...shown.messageShortcuts],
    globalShortcuts: [...shown.globalShortcuts],
    events: [...shown.events],
    scopes: [...shown.scopes],
  };
};

/** Changes what is given. A new request URL is verified first, as at Slack. */
export const changeApp = async (workspace: Workspace, body: unknown): Promise<AppView> => {
  const change = parseRequest(appChange, body);
  const given = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as AppChange;
  const next: AppSettings = { ...workspace.app(), ...given };
  if (change.requestUrl) {
    await verifyRequestUrl(
      { requestUrl: change.requestUrl, signingSecret: next.signingSecret },
      workspace.clock,
    );
  }
  workspace.store.settings.saveApp(next);
  workspace.broadcast({ type: 'bot_connected', connected: workspace.link.connected() });
  return viewApp(workspace);
};
