import { z } from 'zod';
import type { MemberId } from '../core/ids.ts';
import type { Chat, Log, WallClock } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal } from './api/refusal.ts';
import { belongsToWorkspace, isOfAnotherOrganization, SlackUser } from './belonging.ts';
import { createCache } from './cache.ts';
import type { Identity } from './identity.ts';

/** People rename themselves rarely, and a workspace of thousands should not be looked up all the time. */
const MEMBERS_KEPT = 2_000;
const MEMBER_KEPT_MS = 60 * 60_000;

const UserResponse = z.object({ user: SlackUser });

const ProfileResponse = z.object({ profile: z.object({ phone: z.string().nullish() }) });

/** What Slack answers about someone who is not here at all. */
const UNKNOWN: ReadonlySet<string> = new Set(['user_not_found', 'user_not_visible']);

type Members = Pick<Chat, 'memberName' | 'memberPhone' | 'isExternal' | 'isAdmin'>;

export const createMembers = (parts: {
  api: Api;
  identity: Pick<Identity, 'get'>;
  clock: WallClock;
  log: Log;
}): Members => {
  const { api, identity, log } = parts;
  const users = createCache<SlackUser>({ max: MEMBERS_KEPT, ttlMs: MEMBER_KEPT_MS, clock: parts.clock });

  const load = async (memberId: MemberId): Promise<SlackUser> => {
    const { user } = await api.call('users.info', { user: memberId }, UserResponse);
    users.set(memberId, user);
    return user;
  };
  const recent = async (memberId: MemberId): Promise<SlackUser> => users.get(memberId) ?? load(memberId);

  return {
    async memberName(_workspaceId, memberId) {
      try {
        const { name, real_name, profile } = await recent(memberId);
        return profile?.display_name || profile?.real_name || real_name || name || memberId;
      } catch (error) {
        log.warn({ err: error }, 'member name not available');
        return memberId;
      }
    },

    async isExternal(workspaceId, memberId) {
      try {
        const [user, own] = await Promise.all([recent(memberId), identity.get()]);
        return isOfAnotherOrganization(user, { ...own, teamId: workspaceId });
      } catch (error) {
        if (error instanceof SlackRefusal && UNKNOWN.has(error.slackCode)) return true;
        throw error;
      }
    },

    // Neither of these comes from the cache: a changed number or role applies at once.
    async memberPhone(_workspaceId, memberId) {
      try {
        const { profile } = await api.call('users.profile.get', { user: memberId }, ProfileResponse);
        return profile.phone?.trim() || null;
      } catch (error) {
        log.warn({ err: error }, 'member profile not available');
        return null;
      }
    },

    async isAdmin(workspaceId, memberId) {
      const [user, installation] = await Promise.all([load(memberId), identity.get()]);
      const own = { ...installation, teamId: workspaceId };
      if (user.deleted === true || isOfAnotherOrganization(user, own)) return false;
      const ofOrganization = user.enterprise_user;
      if (ofOrganization?.is_admin === true || ofOrganization?.is_owner === true) return true;
      return belongsToWorkspace(user, own) && (user.is_admin === true || user.is_owner === true);
    },
  };
};
