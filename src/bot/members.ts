import { z } from 'zod';
import type { Chat, Clock, Log } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { createCache } from './cache.ts';

/** People rename themselves rarely, and a workspace of thousands should not ask for everybody all the time. */
const NAMES_KEPT = 2_000;
const NAME_KEPT_MS = 60 * 60_000;

const UserAnswer = z.object({
  user: z.object({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
});

export const createMembers = (parts: { api: Api; clock: Clock; log: Log }): Pick<Chat, 'memberName'> => {
  const names = createCache<string>({ max: NAMES_KEPT, ttlMs: NAME_KEPT_MS, clock: parts.clock });
  return {
    async memberName(_workspaceId, memberId) {
      const known = names.get(memberId);
      if (known !== undefined) return known;
      try {
        const { user } = await parts.api.call('users.info', { user: memberId }, UserAnswer);
        const name =
          user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || memberId;
        names.set(memberId, name);
        return name;
      } catch (error) {
        parts.log.warn({ err: error }, 'a member’s name could not be had');
        return memberId;
      }
    },
  };
};
