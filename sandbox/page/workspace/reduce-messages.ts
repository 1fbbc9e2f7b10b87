import type { StoredMessage } from '../../slack/control/contract.ts';
import { findMessage, isRoot, isVisible, repliesOf, replyCount } from './selectors.ts';
import type { State, ThreadRef } from './state.ts';

/**
 * Replaces what the listing covers (a channel, or one thread of it), except messages that events have changed since
 * connecting: a listing may be older than they are, never newer, because every later change is an event too.
 */
export function messagesLoaded(
  state: State,
  channel: string,
  listing: readonly StoredMessage[],
  thread?: string,
): State {
  const covers = (message: StoredMessage) =>
    thread ? message.thread_ts === thread || message.ts === thread : isRoot(message);
  const isUpdated = (message: StoredMessage) => state.updatedLive.has(messageKey(channel, message.ts));
  const kept = (state.messages[channel] ?? []).filter(
    (message) => isUpdated(message) || message.ephemeral_to || !covers(message),
  );
  const present = new Set(kept.map((message) => message.ts));
  const loaded = listing.filter((message) => !present.has(message.ts) && !isUpdated(message));
  return withMessages(state, channel, [...kept, ...loaded]);
}

export function messagePosted(state: State, message: StoredMessage): State {
  const isKnown = findMessage(state, message) !== undefined;
  const isMine = message.user === state.me;
  const next = messageChanged(state, message);
  if (isKnown) return next;
  const isShown = state.route.kind === 'channel' && state.route.id === message.channel;
  const isForMe = isVisible(state, message);
  return {
    ...next,
    thread: threadToOpen(state, message) ?? next.thread,
    unread: isShown || isMine || !isForMe ? next.unread : new Set(next.unread).add(message.channel),
    announced: isMine || !isForMe ? next.announced : message,
  };
}

export function messageChanged(state: State, message: StoredMessage): State {
  const others = (state.messages[message.channel] ?? []).filter((other) => other.ts !== message.ts);
  return markUpdated(withMessages(state, message.channel, [...others, message]), message.channel, message.ts);
}

/** A root with replies leaves a tombstone, so that its thread can still be opened. */
export function messageDeleted(state: State, channel: string, ts: string): State {
  const message = findMessage(state, { channel, ts });
  if (!message) return markUpdated(state, channel, ts);
  const leavesTombstone = isRoot(message) && replyCount(state, message) > 0;
  const others = (state.messages[channel] ?? []).filter((other) => other.ts !== ts);
  const { blocks: _blocks, files: _files, ...rest } = message;
  const remaining = leavesTombstone
    ? [...others, { ...rest, text: '', deleted: true }]
    : others.map(withReplyRemoved(message));
  const thread = !leavesTombstone && state.thread?.ts === ts ? null : state.thread;
  return markUpdated({ ...withMessages(state, channel, remaining), thread }, channel, ts);
}

/** The app's first reply to one's own post opens the thread, which is where its result will appear. */
function threadToOpen(state: State, message: StoredMessage): ThreadRef | null {
  if (!message.bot_id || !message.thread_ts || isRoot(message) || !isVisible(state, message)) return null;
  if (state.route.kind !== 'channel' || state.route.id !== message.channel) return null;
  const thread = { channel: message.channel, ts: message.thread_ts };
  const root = findMessage(state, thread);
  const isFirst = !repliesOf(state, thread).some((reply) => reply.bot_id);
  return root?.user === state.me && isFirst ? thread : null;
}

const withReplyRemoved = (reply: StoredMessage) => (message: StoredMessage) =>
  !isRoot(reply) && message.ts === reply.thread_ts && message.reply_count
    ? { ...message, reply_count: message.reply_count - 1 }
    : message;

function withMessages(state: State, channel: string, messages: readonly StoredMessage[]): State {
  const inOrder = [...messages].sort((a, b) => Number(a.ts) - Number(b.ts));
  return { ...state, messages: { ...state.messages, [channel]: inOrder } };
}

const markUpdated = (state: State, channel: string, ts: string): State => ({
  ...state,
  updatedLive: new Set(state.updatedLive).add(messageKey(channel, ts)),
});

const messageKey = (channel: string, ts: string) => `${channel}:${ts}`;
