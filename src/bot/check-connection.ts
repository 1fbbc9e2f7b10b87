import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../core/ports.ts';
import { clientOptions, createClient, DEFAULT_API_URL } from './api/client.ts';
import { toSlackRefusal } from './api/errors.ts';
import { REQUIRED_SCOPES } from './manifest.ts';
import type { BotConfig } from './transport.ts';

/** The result of checking the app's tokens. */
export interface SlackCheck {
  readonly workspace: string;
  readonly botName: string;
  /** Of those that Parley needs; null when Slack does not list the token's scopes. */
  readonly missingScopes: readonly string[] | null;
}

const Identity = z.object({
  team: z.string(),
  user: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/**
 * Checks the tokens with Slack: whose they are and what they allow. Posts nothing.
 * @throws {AppError} when Slack refuses a token or cannot be reached
 */
export const checkSlack = async (config: BotConfig, log: Log): Promise<SlackCheck> => {
  const apiUrl = (config.apiUrl ?? DEFAULT_API_URL).replace(/\/+$/, '');
  try {
    const { team, user, response_metadata } = Identity.parse(
      await createClient(config.botToken, apiUrl, log).auth.test(),
    );
    if (config.mode.type === 'socket') {
      // The address of a socket that is never opened; it expires after a while.
      await new WebClient(config.mode.appToken, clientOptions(apiUrl, log)).apps.connections.open({});
    }
    const has = response_metadata?.scopes;
    return {
      workspace: team,
      botName: user,
      missingScopes: has === undefined ? null : REQUIRED_SCOPES.filter((scope) => !has.includes(scope)),
    };
  } catch (error) {
    throw toSlackRefusal('auth.test', error);
  }
};
