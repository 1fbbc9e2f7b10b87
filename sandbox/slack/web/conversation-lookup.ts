import { SlackError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Channel, Message } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** The conversation with this id, or a person's direct conversation with the bot. */
export const channelFor = (workspace: Workspace, id: string): Channel => {
  const { directory } = workspace.store;
  const channel =
    directory.channel(id) ?? directory.channels().find(({ name }) => name !== '' && `#${name}` === id);
  if (channel) return channel;
  const user = directory.user(id);
  if (user === null || user.isBot) throw new SlackError('channel_not_found');
  return directConversation(workspace, user.id);
};

/** The same, for a method that requires the bot to be a member. */
export const channelWithBot = (workspace: Workspace, id: string): Channel => {
  const channel = channelFor(workspace, id);
  const { botUserId } = workspace.app();
  const isIn = workspace.store.directory.isMember(channel.id, botUserId);
  // The bot cannot be removed from a direct conversation.
  const isOut = channel.kind === 'channel' && workspace.failures.shouldFail('bot-not-in-channel');
  if (!isIn || isOut) throw new SlackError('not_in_channel');
  return channel;
};

/** The same, for a method that writes: each has its own error for an archived channel. */
export const channelToWriteIn = (
  workspace: Workspace,
  id: string,
  whenArchived: 'is_archived' | 'is_inactive' = 'is_archived',
): Channel => {
  if (channelFor(workspace, id).archived) throw new SlackError(whenArchived);
  return channelWithBot(workspace, id);
};

/** A person's direct conversation with the bot, opened if it does not exist. */
export const directConversation = (workspace: Workspace, user: string): Channel => {
  const { directory } = workspace.store;
  const known = directory.channels().find(({ imWith }) => imWith === user);
  if (known) return known;
  const channel: Channel = {
    id: newId('D'),
    kind: 'im',
    name: '',
    topic: '',
    creator: user,
    createdSec: Math.floor(workspace.nowMs() / 1000),
    imWith: user,
  };
  directory.saveChannel(channel);
  directory.addMember(channel.id, user);
  directory.addMember(channel.id, workspace.app().botUserId);
  return channel;
};

/** A message of the bot, for a method that changes it. */
export const ownMessage = (workspace: Workspace, channel: string, ts: string, otherwise: string): Message => {
  const message = workspace.store.messages.get(channel, ts);
  // The Web API cannot change ephemeral messages.
  if (message === null || message.ephemeralTo !== undefined || message.deleted) {
    throw new SlackError('message_not_found');
  }
  if (message.botId !== workspace.app().botId) throw new SlackError(otherwise);
  return message;
};
