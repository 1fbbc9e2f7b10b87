import { z } from 'zod';
import type { Chat, Log, WallClock } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { createCache } from './cache.ts';

/** People rename themselves rarely, and a workspace of thousands should not be looked up all the time. */
const NAMES_KEPT = 2_000;
const NAME_KEPT_MS = 60 * 60_000;

const UserResponse = z.object({
  user: z.object({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
});

const AdminResponse = z.object({
  user: z.object({
    team_id: z.string().optional(),
    deleted: z.boolean().optional(),
    is_admin: z.boolean().optional(),
    is_owner: z.boolean().optional(),
  }),
});

const ProfileResponse = z.object({ profile: z.object({ phone: z.string().nullish() }) });

type Members = Pick<Chat, 'memberName' | 'memberPhone' | 'isAdmin'>;

export const createMembers = (parts: { api: Api; clock: WallClock; log: Log }): Members => {
  const names = createCache<string>({ max: NAMES_KEPT, ttlMs: NAME_KEPT_MS, clock: parts.clock });
  return {
    async memberName(_workspaceId, memberId) {
      const known = names.get(memberId);
      if (known !== undefined) return known;
      try {
        const { user } = await parts.api.call('users.info', { user: memberId }, UserResponse);
        const name =
          user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || memberId;
        names.set(memberId, name);
        return name;
      } catch (error) {
        parts.log.warn({ err: error }, 'member name not available');
        return memberId;
      }
    },

    // Neither of these is cached: a changed number or role applies at once.
    async memberPhone(_workspaceId, memberId) {
      try {
        const { profile } = await parts.api.call('users.profile.get', { user: memberId }, ProfileResponse);
        return profile.phone?.trim() || null;
      } catch (error) {
        parts.log.warn({ err: error }, 'member profile not available');
        return null;
      }
    },

    async isAdmin(workspaceId, memberId) {
      const { user } = await parts.api.call('users.info', { user: memberId }, AdminResponse);
      // In a channel that two workspaces share, a person may be an admin of the other one.
      const belongs = user.team_id === undefined || user.team_id === workspaceId;
      return belongs && user.deleted !== true && (user.is_admin === true || user.is_owner === true);
    },
  };
};
