import { z } from 'zod';
import type { Clock, Log } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal, TOKEN_REFUSED } from './api/refusal.ts';

/** How soon a Slack that did not respond at the start is asked again. */
const RETRY_MS = 2_000;

const AuthTest = z.object({
  bot_id: z.string(),
  user_id: z.string(),
  team_id: z.string(),
  enterprise_id: z.string().nullish(),
});

/** What Bolt wants to know before it handles an event, and puts into the context of each. */
interface BotIdentity {
  readonly botToken: string;
  readonly botId: string;
  readonly botUserId: string;
  /**
   * The workspace in which Parley is installed, for every event, click and command. What these say themselves is the
   * person's: in an Enterprise Grid the Grid, in a channel shared with another organization that one's workspace.
   */
  readonly teamId: string;
  /** The Enterprise Grid of that workspace. */
  readonly enterpriseId?: string;
}

/** Who the bot is in its workspace, requested from Slack until it responds, and kept from then on. */
export interface Identity {
  get(): Promise<BotIdentity>;
  known(): boolean;
  /** @throws {SlackRefusal} when Slack refuses the token; a Slack that cannot be reached is asked again later */
  check(): Promise<void>;
  /**
   * Requests it until Slack responds. Events would do so too, but over HTTP none arrive before Parley is ready, and it is
   * not ready before it knows.
   */
  retryUntilKnown(signal: AbortSignal): Promise<void>;
}

export const createIdentity = (parts: { api: Api; botToken: string; clock: Clock; log: Log }): Identity => {
  const { api, botToken, clock, log } = parts;
  let known: BotIdentity | null = null;
  const get = async (): Promise<BotIdentity> => {
    // A copy, because Bolt writes what one event says into what it gets.
    if (known !== null) return { ...known };
    const { bot_id, user_id, team_id, enterprise_id } = await api.call('auth.test', {}, AuthTest);
    known = {
      botToken,
      botId: bot_id,
      botUserId: user_id,
      teamId: team_id,
      ...(enterprise_id ? { enterpriseId: enterprise_id } : {}),
    };
    return { ...known };
  };
  return {
    get,
    known: () => known !== null,
    async check() {
      try {
        await get();
      } catch (error) {
        if (error instanceof SlackRefusal && TOKEN_REFUSED.has(error.slackCode)) throw error;
        log.warn({ err: error }, 'identity not available from Slack');
      }
    },
    async retryUntilKnown(signal) {
      while (known === null && !signal.aborted) {
        await clock.sleep(RETRY_MS, signal).catch(() => {});
        if (!signal.aborted) await get().catch(() => {});
      }
    },
  };
};
