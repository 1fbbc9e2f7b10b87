import { z } from 'zod';
import { isGone } from '../core/error.ts';
import type { ChannelId, MemberId, MessageId, Thread } from '../core/ids.ts';
import type { Chat, PostedMessage, ShownMessage } from '../core/ports.ts';
import type { ThreadMessage } from '../core/thread-message.ts';
import { type Api, Done } from './api/api.ts';
import { isRefusedForm, SlackRefusal, toRefusal } from './api/refusal.ts';
import { formsOf, inFirstForm } from './forms.ts';
import { channelMessages, directChannel, type HistoryMessage, hasRoot, threadMessages } from './history.ts';

/** Marks Parley's messages for later processes and for tools. */
export const METADATA_TYPE = 'parley_message';

const Edited = z.object({ ts: z.string() });
const Posted = z.object({
  ts: z.string(),
  /** For a message to a member, Slack chooses the channel. */
  channel: z.string(),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
});

export type Messages = Pick<
  Chat,
  'post' | 'find' | 'postCard' | 'findCard' | 'postPrivately' | 'findPrivate' | 'edit' | 'remove'
>;

/** Parley's messages in threads, cards and direct messages. */
export const createMessages = ({ api }: { api: Api }): Messages => ({
  post: (thread, message, key) => post(api, thread.channelId, message, key, thread),
  find: (thread, key) => firstWithKey(threadMessages(api, thread), thread.channelId, key),

  postCard: (_workspaceId, channelId, message, key) => post(api, channelId, message, key),
  findCard: (_workspaceId, channelId, key) => firstWithKey(channelMessages(api, channelId), channelId, key),

  postPrivately: (_workspaceId, to, message, key) => post(api, to, message, key),
  async findPrivate(_workspaceId, to, key) {
    const channelId = await directChannel(api, to);
    return channelId === null ? null : firstWithKey(channelMessages(api, channelId), channelId, key);
  },

  edit: (_workspaceId, posted, message) => edit(api, posted, message),
  remove: (_workspaceId, posted) => remove(api, posted),
});

const edit = async (api: Api, posted: PostedMessage, message: ThreadMessage): Promise<ShownMessage> => {
  const { channelId: channel, messageId: ts } = posted;
  const metadata = metadataOf(message, null);
  const isProgress = message.kind === 'progress';
  // Text alone is a new message's: of this one, Slack may refuse that as well.
  const forms = formsOf(message).slice(0, -1);
  try {
    const { form } = await inFirstForm(forms, ({ text, blocks }) =>
      api.call('chat.update', { channel, ts, text, blocks, metadata }, Edited, { lowPriority: isProgress }),
    );
    return { ...posted, whole: form.whole };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    const isPassedOver = error.slackCode === 'ratelimited' || error.code === 'edit-refused';
    // The next progress message says more than this one would, and a result must not wait behind it.
    if (isProgress && isPassedOver) return { ...posted, whole: true };
    throw isRefusedForm(error) ? toRefusal('cant_update_message', error) : error;
  }
};

const post = async (
  api: Api,
  to: ChannelId | MemberId,
  message: ThreadMessage,
  key: string,
  thread?: Thread,
): Promise<ShownMessage> => {
  const metadata = metadataOf(message, key);
  const { response, form } = await inFirstForm(formsOf(message), ({ text, blocks }) =>
    postAs(api, to, { text, ...(blocks.length === 0 ? {} : { blocks }), metadata }, thread),
  );
  return { ...response, whole: form.whole };
};

/** Posts a message, or a reply in a thread. @throws {SlackRefusal} `recording-gone` when the thread is gone */
export const postAs = async (
  api: Api,
  to: ChannelId | MemberId,
  content: { readonly text: string; readonly blocks?: readonly object[]; readonly metadata: object },
  thread?: Thread,
): Promise<PostedMessage> => {
  const { ts, channel, message } = await api.call(
    'chat.postMessage',
    {
      channel: to,
      ...content,
      ...(thread === undefined ? {} : { thread_ts: thread.rootId }),
      unfurl_links: false,
      unfurl_media: false,
    },
    Posted,
  );
  const posted = { channelId: channel as ChannelId, messageId: ts as MessageId };
  if (thread !== undefined && message !== undefined && message.thread_ts === undefined) {
    await takeBackStray(api, thread, posted);
  }
  return posted;
};

/**
 * Below a message that was deleted meanwhile, Slack posts in the channel itself, for everyone to see, and shows that only by
 * what it leaves out. Asked again before anything is deleted.
 */
const takeBackStray = async (api: Api, thread: Thread, stray: PostedMessage): Promise<void> => {
  const gone = await hasRoot(api, thread).then(
    (exists) => !exists,
    () => false,
  );
  if (!gone) return;
  await remove(api, stray);
  throw toRefusal('thread_not_found');
};

const remove = async (api: Api, { channelId, messageId }: PostedMessage): Promise<void> => {
  try {
    await api.call('chat.delete', { channel: channelId, ts: messageId }, Done);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

const firstWithKey = async (
  messages: AsyncIterable<HistoryMessage>,
  channelId: ChannelId,
  key: string,
): Promise<PostedMessage | null> => {
  for await (const { ts, metadata } of messages) {
    if (metadata?.event_type === METADATA_TYPE && metadata.event_payload.key === key) {
      return { channelId, messageId: ts as MessageId };
    }
  }
  return null;
};

/** Metadata of a message. `key` is there from the post until the first edit, when its address is known. */
const metadataOf = (message: ThreadMessage, key: string | null) => ({
  event_type: METADATA_TYPE,
  event_payload: { ...payloadOf(message), ...(key === null ? {} : { key }) },
});

/** `final`: nothing follows unless someone acts; `outcome` says whether it is a result or a failure. */
const payloadOf = (message: ThreadMessage) => {
  switch (message.kind) {
    case 'progress':
      return { kind: 'recording', final: false };
    case 'result':
    case 'private-result':
    case 'failure':
      return {
        kind: 'recording',
        final: true,
        outcome: message.kind === 'failure' ? 'failure' : 'result',
        conversation: message.conversationId,
      };
    case 'meeting-card':
      return {
        kind: 'meeting',
        final: false,
        state: message.state,
        conversation: message.conversationId,
      };
    case 'call-card':
      return {
        kind: 'call',
        final: false,
        state: message.ended ? 'ended' : 'live',
        conversation: message.conversationId,
      };
    case 'captions':
    case 'remark':
      return { kind: message.kind, final: false };
  }
};
