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

/** The same, for a method that requires the bot to be a member. `otherwise` is what the method answers. */
export const channelWithBot = (
  workspace: Workspace,
  id: string,
  otherwise: 'not_in_channel' | 'channel_not_found' = 'not_in_channel',
): Channel => {
  const channel = channelFor(workspace, id);
  const { botUserId } = workspace.app();
  const isIn = workspace.store.directory.isMember(channel.id, botUserId);
  // The bot cannot be removed from a direct conversation.
  const isOut = channel.kind === 'channel' && workspace.failures.shouldFail('bot-not-in-channel');
  if (!isIn || isOut) throw new SlackError(otherwise);
  return channel;
};

/** The same, for a method that writes. */
export const channelToWriteIn = (
  workspace: Workspace,
  id: string,
  { archived, notIn = 'not_in_channel' }: WriteRefusals = { archived: 'is_archived' },
): Channel => {
  if (channelFor(workspace, id).archived) throw new SlackError(archived);
  return channelWithBot(workspace, id, notIn);
};

/** What a method answers for a channel that is archived, or that the bot is not in: each has its own. */
interface WriteRefusals {
  readonly archived: 'is_archived' | 'is_inactive' | 'posting_to_channel_denied' | 'cant_delete_message';
  readonly notIn?: 'not_in_channel' | 'channel_not_found';
}

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

/**
 * The thread that a message is posted in; none where its root is gone: then Slack shows the message in the channel itself,
 * and says so only by leaving `thread_ts` out of the response.
 */
export const existingThread = (
  workspace: Workspace,
  channel: string,
  threadTs: string | undefined,
): { threadTs?: string } =>
  threadTs && workspace.store.messages.get(channel, threadTs) !== null ? { threadTs } : {};
