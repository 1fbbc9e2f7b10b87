import { z } from 'zod';
import { storedMessage } from '../control/shapes.ts';
import { SlackError } from '../errors.ts';
import { emitEvent } from '../posting.ts';
import { slackMessage } from '../shapes.ts';
import type { Message } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { channelWithBot } from './conversation-lookup.ts';
import { args, method } from './method.ts';

const target = { channel: args.id, timestamp: args.id };
const named = z.object({ ...target, name: args.id });

const messageFor = (workspace: Workspace, given: { channel: string; timestamp: string }): Message => {
  const channel = channelWithBot(workspace, given.channel);
  const message = workspace.store.messages.get(channel.id, given.timestamp);
  if (message === null) throw new SlackError('message_not_found');
  return message;
};

const change = (
  workspace: Workspace,
  message: Message,
  name: string,
  type: 'reaction_added' | 'reaction_removed',
): void => {
  const { botUserId } = workspace.app();
  const before = message.reactions?.find((one) => one.name === name)?.users ?? [];
  const users =
    type === 'reaction_added' ? [...before, botUserId] : before.filter((user) => user !== botUserId);
  const others = message.reactions?.filter((one) => one.name !== name) ?? [];
  const after: Message = {
    ...message,
    reactions: users.length === 0 ? others : [...others, { name, users }],
  };
  workspace.store.messages.save(after);
  const item = { type: 'message', channel: message.channel, ts: message.ts };
  const event = { user: botUserId, reaction: name, item, item_user: message.user };
  emitEvent(workspace, { type, ...event, event_ts: workspace.newTs() }, message.channel);
  workspace.broadcast({ type: 'message_changed', message: storedMessage(workspace, after) });
};

const has = (workspace: Workspace, message: Message, name: string): boolean =>
  message.reactions?.find((one) => one.name === name)?.users.includes(workspace.app().botUserId) ?? false;

const add = method({
  token: 'bot',
  scopes: ['reactions:write'],
  tier: 3,
  args: named,
  run: (workspace, given) => {
    const message = messageFor(workspace, given);
    if (!/^[\w+'-]+(::skin-tone-[2-6])?$/.test(given.name)) throw new SlackError('invalid_name');
    if (has(workspace, message, given.name)) throw new SlackError('already_reacted');
    change(workspace, message, given.name, 'reaction_added');
    return {};
  },
});

const remove = method({
  token: 'bot',
  scopes: ['reactions:write'],
  tier: 2,
  args: named,
  run: (workspace, given) => {
    const message = messageFor(workspace, given);
    if (!has(workspace, message, given.name)) throw new SlackError('no_reaction');
    change(workspace, message, given.name, 'reaction_removed');
    return {};
  },
});

const get = method({
  token: 'bot',
  scopes: ['reactions:read'],
  tier: 3,
  args: z.object(target),
  run: (workspace, given) => {
    const message = messageFor(workspace, given);
    return { type: 'message', channel: message.channel, message: slackMessage(workspace, message) };
  },
});

export const reactionMethods = {
  'reactions.add': add,
  'reactions.remove': remove,
  'reactions.get': get,
};
