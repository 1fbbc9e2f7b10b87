import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { emitEvent } from '../posting.ts';
import { slackChannel, slackMessage, slackMessageWithMetadata } from '../shapes.ts';
import type { MessageQuery } from '../store/messages.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { channelFor, channelWithBot, directConversation } from './conversation-lookup.ts';
import { args, method, page } from './method.ts';

const READ = ['channels:read', 'im:read'];
const HISTORY = ['channels:history', 'im:history'];

const info = method({
  token: 'bot',
  scopes: READ,
  tier: 3,
  args: z.object({ channel: args.id }),
  run: (workspace, { channel }) => ({
    channel: slackChannel(workspace, channelFor(workspace, channel)),
  }),
});

const listing = {
  cursor: args.text.optional(),
  limit: args.count(1000, 100).optional(),
  types: args.text.optional(),
  exclude_archived: args.flag.optional(),
};

const listed = (
  workspace: Workspace,
  given: { cursor?: string | undefined; limit?: number | undefined; types?: string | undefined },
  user: string | null,
): Json => {
  const types = (given.types || 'public_channel').split(',').map((type) => type.trim());
  const { directory } = workspace.store;
  const channels = directory
    .channels()
    .filter(({ kind }) => types.includes(kind === 'im' ? 'im' : 'public_channel'))
    .filter(({ id }) => user === null || directory.isMember(id, user));
  const { items, next } = page(channels, given.cursor, given.limit ?? 100);
  return {
    channels: items.map((channel) => slackChannel(workspace, channel)),
    response_metadata: { next_cursor: next },
  };
};

const list = method({
  token: 'bot',
  scopes: READ,
  tier: 2,
  args: z.object(listing),
  run: (workspace, given) => listed(workspace, given, null),
});

const ofUser = method({
  token: 'bot',
  scopes: READ,
  tier: 3,
  args: z.object({ ...listing, user: args.id.optional() }),
  run: (workspace, given) => {
    const { channels, ...rest } = listed(workspace, given, given.user ?? workspace.app().botUserId);
    // Slack leaves out what follows from the question.
    const short = (channels as Json[]).map(
      ({ is_member: _member, num_members: _count, ...channel }) => channel,
    );
    return { channels: short, ...rest };
  },
});

const members = method({
  token: 'bot',
  scopes: READ,
  tier: 4,
  args: z.object({
    channel: args.id,
    cursor: args.text.optional(),
    limit: args.count(1000, 100).optional(),
  }),
  run: (workspace, given) => {
    const channel = channelFor(workspace, given.channel);
    const { items, next } = page(
      workspace.store.directory.members(channel.id),
      given.cursor,
      given.limit ?? 100,
    );
    return { members: items, response_metadata: { next_cursor: next } };
  },
});

const join = method({
  token: 'bot',
  scopes: ['channels:join'],
  tier: 3,
  args: z.object({ channel: args.id }),
  run: (workspace, given) => {
    const channel = channelFor(workspace, given.channel);
    if (channel.kind === 'im') throw new SlackError('method_not_supported_for_channel_type');
    const { directory } = workspace.store;
    const { botUserId } = workspace.app();
    if (directory.isMember(channel.id, botUserId)) {
      return {
        channel: slackChannel(workspace, channel),
        warning: 'already_in_channel',
        response_metadata: { warnings: ['already_in_channel'] },
      };
    }
    directory.addMember(channel.id, botUserId);
    announceJoin(workspace, channel.id, botUserId, null);
    return { channel: slackChannel(workspace, channel) };
  },
});

/** Notifies the app that a person or the bot joined a channel. */
export const announceJoin = (
  workspace: Workspace,
  channel: string,
  user: string,
  inviter: string | null,
): void => {
  emitEvent(
    workspace,
    {
      type: 'member_joined_channel',
      user,
      channel,
      channel_type: 'C',
      team: workspace.team().id,
      ...(inviter === null ? {} : { inviter }),
      event_ts: workspace.newTs(),
    },
    channel,
  );
};

const open = method({
  token: 'bot',
  scopes: ['im:write'],
  tier: 3,
  args: z.object({
    users: args.id.optional(),
    channel: args.id.optional(),
    return_im: args.flag.optional(),
  }),
  run: (workspace, given) => {
    if (given.channel !== undefined) {
      return { channel: slackChannel(workspace, channelFor(workspace, given.channel)) };
    }
    const users = given.users?.split(',').map((user) => user.trim()) ?? [];
    if (users.length === 0) throw new SlackError('users_list_not_supplied');
    if (users.length > 1) throw new SlackError('not_enough_users');
    if (workspace.store.directory.user(users[0]!) === null) throw new SlackError('user_not_found');
    const channel = directConversation(workspace, users[0]!);
    return { channel: given.return_im ? slackChannel(workspace, channel) : { id: channel.id } };
  },
});

const reading = {
  channel: args.id,
  oldest: args.text.optional(),
  latest: args.text.optional(),
  inclusive: args.flag.optional(),
  include_all_metadata: args.flag.optional(),
  cursor: args.text.optional(),
};

interface Reading {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
  readonly include_all_metadata?: boolean | undefined;
  readonly cursor?: string | undefined;
}

const BOOKMARK = /^next_ts:(\d+\.\d+)$/;

/** Reads one page. The cursor names the last message of the page before. */
const read = (
  workspace: Workspace,
  given: Reading,
  query: Pick<MessageQuery, 'channel' | 'thread' | 'newestFirst' | 'limit'>,
): Json => {
  let { oldest, latest } = given;
  let inclusive = given.inclusive ?? false;
  if (given.cursor) {
    const after = BOOKMARK.exec(Buffer.from(given.cursor, 'base64').toString('utf8'))?.[1];
    if (after === undefined) throw new SlackError('invalid_cursor');
    if (query.newestFirst) latest = after;
    else oldest = after;
    inclusive = false;
  }
  const found = workspace.store.messages.find({
    ...query,
    ...(oldest ? { oldest } : {}),
    ...(latest ? { latest } : {}),
    inclusive,
    // One more shows whether there are more, and the root of a thread may be among them.
    limit: query.limit + 2,
  });
  // The root of a thread always matches, and belongs on the first page only.
  const fresh =
    given.cursor && query.thread !== undefined ? found.filter(({ ts }) => ts !== query.thread) : found;
  const messages = fresh.slice(0, query.limit);
  const more = fresh.length > query.limit;
  const show = given.include_all_metadata ? slackMessageWithMetadata : slackMessage;
  return {
    messages: messages.map((message) => show(workspace, message)),
    has_more: more,
    ...(more
      ? {
          response_metadata: {
            next_cursor: Buffer.from(`next_ts:${messages.at(-1)?.ts}`).toString('base64'),
          },
        }
      : {}),
  };
};

const history = method({
  token: 'bot',
  scopes: HISTORY,
  tier: 3,
  args: z.object({ ...reading, limit: args.count(999, 100).optional() }),
  run: (workspace, given) => ({
    ...read(workspace, given, {
      channel: channelWithBot(workspace, given.channel).id,
      newestFirst: true,
      limit: given.limit ?? 100,
    }),
    pin_count: 0,
  }),
});

const replies = method({
  token: 'bot',
  scopes: HISTORY,
  tier: 3,
  args: z.object({ ...reading, ts: args.id, limit: args.count(1000, 1000).optional() }),
  run: (workspace, given) => {
    const channel = channelWithBot(workspace, given.channel, 'channel_not_found').id;
    const message = workspace.store.messages.get(channel, given.ts);
    if (message === null) throw new SlackError('thread_not_found');
    const thread = message.threadTs ?? message.ts;
    return read(workspace, given, { channel, thread, limit: given.limit ?? 1000 });
  },
});

export const conversationMethods = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.join': join,
  'conversations.open': open,
  'conversations.history': history,
  'conversations.replies': replies,
  'users.conversations': ofUser,
};
