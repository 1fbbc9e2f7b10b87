import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { slackProfile, slackUser } from '../shapes.ts';
import type { User } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { args, method, page } from './method.ts';

const userFor = (workspace: Workspace, id: string): User => {
  const user = workspace.store.directory.user(id);
  if (user === null) throw new SlackError('user_not_found');
  return user;
};

const info = method({
  token: 'bot',
  scopes: ['users:read'],
  tier: 4,
  args: z.object({ user: args.id, include_locale: args.flag.optional() }),
  run: (workspace, given) => ({
    user: {
      ...slackUser(workspace, userFor(workspace, given.user)),
      ...(given.include_locale ? { locale: 'en-GB' } : {}),
    },
  }),
});

const list = method({
  token: 'bot',
  scopes: ['users:read'],
  tier: 2,
  args: z.object({ cursor: args.text.optional(), limit: args.count(1000, 1000).optional() }),
  run: (workspace, given) => {
    const { items, next } = page(workspace.store.directory.users(), given.cursor, given.limit ?? 1000);
    return {
      members: items.map((user) => slackUser(workspace, user)),
      cache_ts: Math.floor(workspace.nowMs() / 1000),
      response_metadata: { next_cursor: next },
    };
  },
});

const profile = method({
  token: 'bot',
  scopes: ['users.profile:read'],
  tier: 4,
  args: z.object({ user: args.id.optional() }),
  run: (workspace, given) => ({
    profile: slackProfile(workspace, userFor(workspace, given.user ?? workspace.app().botUserId)),
  }),
});

export const userMethods = { 'users.info': info, 'users.list': list, 'users.profile.get': profile };
