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

/** A message that only one person sees. The app gets no event. */
export const postEphemeral = (workspace: Workspace, draft: Draft & { ephemeralTo: string }): Message => {
  const message: Message = { ...draft, ts: workspace.newTs(), text: draft.text.slice(0, MAX_TEXT) };
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
    }
  });
  workspace.broadcast({ type: 'message_changed', message: storedMessage(workspace, after) });
  return after;
};

/** Removes a message. The root of a thread with replies stays as a tombstone, as at Slack. */
export const deleteMessage = (workspace: Workspace, message: Message): void => {
  const { store, newTs } = workspace;
  const ts = newTs();
  store.transact(() => {
    if (store.messages.replies(message.channel, message.ts).count > 0) {
      const { channel, user } = message;
      store.messages.save({
        channel,
        user,
        ts: message.ts,
        subtype: 'tombstone',
        text: 'This message was deleted.',
        deleted: true,
      });
    } else {
      store.messages.remove(message.channel, message.ts);
    }
    if (message.ephemeralTo === undefined) {
      emitMessageEvent(workspace, message.channel, {
        subtype: 'message_deleted',
        previous_message: eventMessage(workspace, message),
        deleted_ts: message.ts,
        hidden: true,
        ts,
        event_ts: ts,
      });
    }
  });
  workspace.broadcast({ type: 'message_deleted', channel: message.channel, ts: message.ts });
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
  workspace.store.directory.channel(channel)?.kind === 'im' ? 'message.im' : 'message.channels';

const emitNewMessage = (workspace: Workspace, message: Message): void => {
  const body = eventMessage(workspace, message);
  emitMessageEvent(workspace, message.channel, { ...body, event_ts: message.ts });
  if (message.botId === undefined && mentionsIn(message.text).includes(workspace.app().botUserId)) {
    const { subtype: _subtype, bot_profile: _profile, ...mention } = body;
    emitEvent(
      workspace,
      { ...mention, type: 'app_mention', channel: message.channel, event_ts: message.ts },
      message.channel,
    );
  }
  for (const id of message.fileIds ?? []) {
    const event = { file_id: id, user_id: message.user, file: { id }, channel_id: message.channel };
    emitEvent(workspace, { type: 'file_shared', ...event, event_ts: message.ts }, message.channel);
  }
};

const emitMessageEvent = (workspace: Workspace, channel: string, event: Json): void => {
  const kind = workspace.store.directory.channel(channel)?.kind === 'im' ? 'im' : 'channel';
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
