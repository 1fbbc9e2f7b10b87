import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { args, method } from './method.ts';

const nothing = z.object({});

const apiTest = method({
  token: 'none',
  scopes: [],
  tier: 4,
  args: z.looseObject({ error: args.text.optional() }),
  run: (_workspace, given) => {
    if (given.error) throw new SlackError(given.error, { args: given });
    return { args: given };
  },
});

const authTest = method({
  token: 'bot',
  scopes: [],
  tier: 'special',
  args: nothing,
  run: (workspace) => {
    const { id, name, enterprise } = workspace.team();
    const app = workspace.app();
    const user = workspace.store.directory.user(app.botUserId)?.name ?? '';
    return {
      url: `${workspace.url()}/`,
      team: name,
      user,
      team_id: id,
      ...(enterprise === undefined ? {} : { enterprise_id: enterprise.id }),
      user_id: app.botUserId,
      bot_id: app.botId,
      is_enterprise_install: false,
    };
  },
});

const teamInfo = method({
  token: 'bot',
  scopes: ['team:read'],
  tier: 3,
  args: nothing,
  run: (workspace) => {
    const { id, name, domain } = workspace.team();
    return { team: { id, name, domain, url: `${workspace.url()}/`, email_domain: '', icon: {} } };
  },
});

const botsInfo = method({
  token: 'bot',
  scopes: ['users:read'],
  tier: 3,
  args: z.object({ bot: args.text.optional() }),
  run: (workspace, given) => {
    const { botId, appId, botUserId, name } = workspace.app();
    if (given.bot !== undefined && given.bot !== botId) throw new SlackError('bot_not_found');
    return {
      bot: { id: botId, deleted: false, name, updated: 0, app_id: appId, user_id: botUserId, icons: {} },
    };
  },
});

export const generalMethods = {
  'api.test': apiTest,
  'auth.test': authTest,
  'team.info': teamInfo,
  'bots.info': botsInfo,
};
