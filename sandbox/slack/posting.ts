import { storedMessage } from './control/shapes.ts';
import { slackFiles, slackMessageWithMetadata } from './shapes.ts';
import { MAX_TEXT, mentionsIn } from './text.ts';
import type { Json, Message } from './types.ts';
import { isBotIn, type Workspace } from './workspace.ts';

export type Draft = Omit<Message, 'ts' | 'edited' | 'reactions' | 'deleted'>;

/** Stores a message, shows it on every page and notifies the app. */
export const postMessage = (workspace: Workspace, draft: Draft): Message => {
  const { store, newTs } = workspace;
  const message: Message = {
    ...draft,
    ts: newTs(),
    text: draft.text.slice(0, MAX_TEXT),
    ...(draft.threadTs === undefined ? {} : { threadTs: rootOf(workspace, draft.channel, draft.threadTs) }),
  };
  store.transact(() => {
    store.messages.save(message);
    for (const id of message.fileIds ?? []) addShare(workspace, id, message);
    emitNewMessage(workspace, message);
  });
  workspace.broadcast({ type: 'message', message: storedMessage(workspace, message) });
  return message;
};

/**
 * A message that only one person sees. The app gets no event. In a thread without a reply, Slack takes it and shows it
 * nowhere.
 */
export const postEphemeral = (workspace: Workspace, draft: Draft & { ephemeralTo: string }): Message => {
  const message: Message = { ...draft, ts: workspace.newTs(), text: draft.text.slice(0, MAX_TEXT) };
  const { channel, threadTs } = message;
  if (threadTs !== undefined && workspace.store.messages.replies(channel, threadTs).count === 0)
    return message;
  workspace.store.messages.save(message);
  workspace.broadcast({ type: 'message', message: storedMessage(workspace, message) });
  return message;
};

/** Replaces parts of a message. A key with undefined is removed. */
export const editMessage = (
  workspace: Workspace,
  before: Message,
  change: { [Key in 'text' | 'blocks' | 'fileIds' | 'metadata']?: Message[Key] | undefined },
): Message => {
  const { store, newTs } = workspace;
  const ts = newTs();
  const by = before.botId === undefined ? before.user : workspace.app().botUserId;
  const after = stripUndefined({ ...before, ...change, edited: { user: by, ts } }) as Message;
  store.transact(() => {
    store.messages.save(after);
    if (after.ephemeralTo === undefined) {
      emitMessageEvent(workspace, after.channel, {
        subtype: 'message_changed',
        message: eventMessage(workspace, after),
        previous_message: eventMessage(workspace, before),
        hidden: true,
        ts,
        event_ts: ts,
      });
      emitMention(workspace, after, ts);
    }
  });
  workspace.broadcast({ type: 'message_changed', message: storedMessage(workspace, after) });
  return after;
};

/**
 * Removes a message. The root of a thread with replies is changed into a tombstone, as at Slack, and goes with the last
 * reply.
 */
export const deleteMessage = (workspace: Workspace, message: Message): void => {
  const { store } = workspace;
  const { channel } = message;
  store.transact(() => {
    if (store.messages.replies(channel, message.ts).count > 0) bury(workspace, message);
    else removeMessage(workspace, message);
  });
  workspace.broadcast({ type: 'message_deleted', channel, ts: message.ts });
  const root = message.threadTs === undefined ? null : store.messages.get(channel, message.threadTs);
  if (!root?.deleted || root.ts === message.ts || store.messages.replies(channel, root.ts).count > 0) return;
  store.transact(() => removeMessage(workspace, root));
  workspace.broadcast({ type: 'message_deleted', channel, ts: root.ts });
};

/** To the app, a root that is deleted under its replies is a message that was changed. */
const bury = (workspace: Workspace, message: Message): void => {
  const { channel, ts } = message;
  const tombstone: Message = {
    channel,
    user: message.user,
    ts,
    subtype: 'tombstone',
    text: 'This message was deleted.',
    deleted: true,
  };
  workspace.store.messages.save(tombstone);
  const changedTs = workspace.newTs();
  emitMessageEvent(workspace, channel, {
    subtype: 'message_changed',
    message: { ...eventMessage(workspace, tombstone), hidden: true },
    previous_message: eventMessage(workspace, message),
    hidden: true,
    ts: changedTs,
    event_ts: changedTs,
  });
};

const removeMessage = (workspace: Workspace, message: Message): void => {
  const before = eventMessage(workspace, message);
  workspace.store.messages.remove(message.channel, message.ts);
  if (message.ephemeralTo !== undefined) return;
  const ts = workspace.newTs();
  emitMessageEvent(workspace, message.channel, {
    subtype: 'message_deleted',
    previous_message: before,
    deleted_ts: message.ts,
    hidden: true,
    ts,
    event_ts: ts,
  });
};

/** Sends an event if the app subscribed to it, has the scope, and is in the channel. */
export const emitEvent = (workspace: Workspace, event: Json & { type: string }, channel?: string): void => {
  const { events, scopes } = workspace.app();
  const subscription = event.type === 'message' ? messageSubscription(workspace, channel) : event.type;
  const scope = SCOPES[subscription];
  if (!events.includes(subscription)) return;
  if (scope !== undefined && !scopes.includes(scope)) return;
  if (channel !== undefined && !isBotIn(workspace, channel)) return;
  workspace.events.emit(event);
};

const SCOPES: Record<string, string> = {
  'message.channels': 'channels:history',
  'message.im': 'im:history',
  app_mention: 'app_mentions:read',
  file_shared: 'files:read',
  file_deleted: 'files:read',
  member_joined_channel: 'channels:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
};

const messageSubscription = (workspace: Workspace, channel = ''): string =>
  isDirect(workspace, channel) ? 'message.im' : 'message.channels';

const emitNewMessage = (workspace: Workspace, message: Message): void => {
  const { failures } = workspace;
  const hasFiles = message.botId === undefined && message.fileIds !== undefined;
  const isSilent = hasFiles && failures.isOn('file-shared-only');
  const emit = (): void => {
    if (isSilent) return;
    emitMessageEvent(workspace, message.channel, {
      ...eventMessage(workspace, message),
      event_ts: message.ts,
    });
  };
  const isMentionFirst = failures.isOn('mentions-first');
  if (!isMentionFirst) emit();
  emitMention(workspace, message, message.ts);
  if (isMentionFirst) emit();
  for (const id of message.fileIds ?? []) {
    const event = { file_id: id, user_id: message.user, file: { id }, channel_id: message.channel };
    emitEvent(workspace, { type: 'file_shared', ...event, event_ts: message.ts }, message.channel);
  }
};

/** When a message mentions the app, also after an edit; never in a direct conversation. */
const emitMention = (workspace: Workspace, message: Message, eventTs: string): void => {
  if (message.botId !== undefined || isDirect(workspace, message.channel)) return;
  if (!mentionsIn(message.text).includes(workspace.app().botUserId)) return;
  const {
    subtype: _subtype,
    bot_profile: _profile,
    files,
    ...mention
  } = eventMessage(workspace, message) as Json & { files?: Json[] };
  const isBare = workspace.failures.isOn('mentions-without-files');
  emitEvent(
    workspace,
    {
      ...mention,
      ...(files === undefined || isBare ? {} : { files }),
      type: 'app_mention',
      channel: message.channel,
      event_ts: eventTs,
    },
    message.channel,
  );
};

const isDirect = (workspace: Workspace, channel = ''): boolean =>
  workspace.store.directory.channel(channel)?.kind === 'im';

const emitMessageEvent = (workspace: Workspace, channel: string, event: Json): void => {
  const kind = isDirect(workspace, channel) ? 'im' : 'channel';
  emitEvent(workspace, { ...event, type: 'message', channel, channel_type: kind }, channel);
};

/** A message inside an event. Files of other organisations are stubs that `files.info` completes. */
const eventMessage = (workspace: Workspace, message: Message): Json => {
  const shape = slackMessageWithMetadata(workspace, message);
  if (message.fileIds === undefined || !workspace.failures.isOn('slack-connect-files')) return shape;
  return {
    ...shape,
    files: slackFiles(workspace, message).map(({ id, created, timestamp, user }) => ({
      id,
      created,
      timestamp,
      user,
      mode: 'file_access',
      file_access: 'check_file_info',
    })),
  };
};

const addShare = (workspace: Workspace, id: string, message: Message): void => {
  const file = workspace.store.files.get(id);
  if (file === null) return;
  const share = {
    channel: message.channel,
    ts: message.ts,
    ...(message.threadTs === undefined ? {} : { threadTs: message.threadTs }),
  };
  workspace.store.files.save({ ...file, shares: [...file.shares, share] });
};

/** A reply to a reply belongs to the thread's root. */
const rootOf = (workspace: Workspace, channel: string, ts: string): string =>
  workspace.store.messages.get(channel, ts)?.threadTs ?? ts;

const stripUndefined = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
