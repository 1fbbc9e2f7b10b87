import { z } from 'zod';
import { parseMessageBlocks } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import { deleteMessage, editMessage, postEphemeral, postMessage } from '../posting.ts';
import { slackMessageWithMetadata } from '../shapes.ts';
import { normalizeText } from '../text.ts';
import type { Message } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { channelFor, channelToWriteIn, existingThread, ownMessage } from './conversation-lookup.ts';
import { args, method } from './method.ts';

const metadata = z.object({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

const content = {
  channel: args.id,
  text: args.text.optional(),
  blocks: args.json('invalid_blocks_format').optional(),
  attachments: args.json('invalid_arguments').optional(),
  metadata: args.json('invalid_metadata_format').optional(),
};
const inThread = { thread_ts: args.text.optional() };

/** The limit of chat.update, which chat.postEphemeral is taken to share. */
const MAX_EDITED_TEXT = 4_000;

const parseContent = (
  workspace: Workspace,
  given: { text?: string | undefined; blocks?: unknown; metadata?: unknown },
  tooLong: 'msg_blocks_too_long' | 'msg_too_long',
): Pick<Message, 'text' | 'blocks' | 'metadata'> => {
  const blocks =
    given.blocks === undefined || given.blocks === ''
      ? undefined
      : parseMessageBlocks(given.blocks, workspace.store.files.get, tooLong);
  if (blocks !== undefined && blocks.length > 0 && workspace.failures.shouldFail('invalid-blocks')) {
    throw new SlackError('invalid_blocks');
  }
  const text = normalizeText(given.text ?? '');
  // A new message's text is cut instead.
  if (tooLong === 'msg_too_long' && text.length > MAX_EDITED_TEXT) throw new SlackError(tooLong);
  return {
    text,
    ...(blocks === undefined || blocks.length === 0 ? {} : { blocks }),
    ...(given.metadata === undefined ? {} : { metadata: parseMetadata(given.metadata) }),
  };
};

const parseMetadata = (value: unknown): z.infer<typeof metadata> => {
  const parsed = metadata.safeParse(value);
  if (!parsed.success) throw new SlackError('invalid_metadata_schema');
  return parsed.data;
};

const requireContent = (message: Pick<Message, 'text' | 'blocks'>): void => {
  if (message.text === '' && message.blocks === undefined) throw new SlackError('no_text');
};

const asBot = (workspace: Workspace): Pick<Message, 'user' | 'botId'> => {
  const { botUserId, botId } = workspace.app();
  return { user: botUserId, botId };
};

const post = method({
  token: 'bot',
  scopes: ['chat:write'],
  tier: 'post',
  limitKey: ({ channel }) => channel,
  args: z.object({
    ...content,
    ...inThread,
    unfurl_links: args.flag.optional(),
    unfurl_media: args.flag.optional(),
    reply_broadcast: args.flag.optional(),
    mrkdwn: args.flag.optional(),
  }),
  run: (workspace, given) => {
    const channel = channelToWriteIn(workspace, given.channel);
    const parsed = parseContent(workspace, given, 'msg_blocks_too_long');
    requireContent(parsed);
    const message = postMessage(workspace, {
      channel: channel.id,
      ...asBot(workspace),
      ...parsed,
      ...existingThread(workspace, channel.id, given.thread_ts),
    });
    return {
      channel: channel.id,
      ts: message.ts,
      message: slackMessageWithMetadata(workspace, message),
    };
  },
});

const ephemeral = method({
  token: 'bot',
  scopes: ['chat:write'],
  tier: 4,
  args: z.object({ ...content, ...inThread, user: args.id }),
  run: (workspace, given) => {
    const channel = channelToWriteIn(workspace, given.channel);
    if (!workspace.store.directory.isMember(channel.id, given.user)) {
      throw new SlackError('user_not_in_channel');
    }
    const parsed = parseContent(workspace, given, 'msg_too_long');
    requireContent(parsed);
    const message = postEphemeral(workspace, {
      channel: channel.id,
      ...asBot(workspace),
      ...parsed,
      ephemeralTo: given.user,
      ...(given.thread_ts ? { threadTs: given.thread_ts } : {}),
    });
    return { message_ts: message.ts };
  },
});

const update = method({
  token: 'bot',
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({
    ...content,
    ts: args.id,
    file_ids: args.json('invalid_arguments').pipe(z.array(z.string())).optional(),
  }),
  run: (workspace, given) => {
    const channel = channelToWriteIn(workspace, given.channel, {
      archived: 'is_inactive',
      notIn: 'channel_not_found',
    });
    const before = ownMessage(workspace, channel.id, given.ts, 'cant_update_message');
    if (workspace.failures.shouldFail('edits-refused')) throw new SlackError('edit_window_closed');
    const parsed = parseContent(workspace, given, 'msg_too_long');
    // Text alone removes the blocks; blocks alone keep the text. Metadata stays unless it is given.
    const text = given.text === undefined ? before.text : parsed.text;
    const blocks = given.blocks === undefined && given.text === undefined ? before.blocks : parsed.blocks;
    requireContent({ text, ...(blocks === undefined ? {} : { blocks }) });
    const message = editMessage(workspace, before, {
      text,
      blocks,
      ...(given.metadata === undefined ? {} : { metadata: parsed.metadata }),
      ...(given.file_ids === undefined ? {} : { fileIds: given.file_ids }),
    });
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: slackMessageWithMetadata(workspace, message),
    };
  },
});

const remove = method({
  token: 'bot',
  scopes: ['chat:write'],
  tier: 3,
  args: z.object({ channel: args.id, ts: args.id }),
  run: (workspace, given) => {
    const channel = channelToWriteIn(workspace, given.channel, {
      archived: 'cant_delete_message',
      notIn: 'channel_not_found',
    });
    deleteMessage(workspace, ownMessage(workspace, channel.id, given.ts, 'cant_delete_message'));
    return { channel: channel.id, ts: given.ts };
  },
});

const getPermalink = method({
  token: 'bot',
  scopes: [],
  tier: 'special',
  args: z.object({ channel: args.id, message_ts: args.id }),
  run: (workspace, given) => {
    const channel = channelFor(workspace, given.channel);
    const message = workspace.store.messages.get(channel.id, given.message_ts);
    if (message === null) throw new SlackError('message_not_found');
    const thread =
      message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${message.channel}`;
    const place = `/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink: `${workspace.url()}${place}` };
  },
});

export const chatMethods = {
  'chat.postMessage': post,
  'chat.postEphemeral': ephemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
