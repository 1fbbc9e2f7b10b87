import type { StoredFile, StoredMessage, WorkspaceState } from '../../slack/control/contract.ts';
import type { State, ThreadRef } from './state.ts';

/** The channels that `me` may see: everyone's, and their own direct message with the app. */
export function channelsOf({ workspace, me }: State): WorkspaceState['channels'] {
  return (workspace?.channels ?? []).filter(({ onlyFor }) => onlyFor === undefined || onlyFor === me);
}

/** Roots of a channel in order; ephemeral ones only for their recipient. */
export function rootsOf(state: State, channel: string): StoredMessage[] {
  return (state.messages[channel] ?? []).filter((message) => isRoot(message) && isVisible(state, message));
}

export function repliesOf(state: State, thread: ThreadRef): StoredMessage[] {
  return (state.messages[thread.channel] ?? []).filter(
    (message) => message.thread_ts === thread.ts && !isRoot(message) && isVisible(state, message),
  );
}

export function findMessage(state: State, { channel, ts }: ThreadRef): StoredMessage | undefined {
  return state.messages[channel]?.find((message) => message.ts === ts);
}

/** Looks through everything loaded, because blocks name a file by its id alone. */
export function findFile(state: State, id: string): StoredFile | undefined {
  for (const messages of Object.values(state.messages)) {
    for (const message of messages) {
      const file = message.files?.find((candidate) => candidate.id === id);
      if (file) return file;
    }
  }
  return undefined;
}

/** The workspace's count of replies, or the number of loaded ones where that is greater. */
export function replyCount(state: State, root: StoredMessage): number {
  const loaded = repliesOf(state, root).filter((reply) => !reply.ephemeral_to).length;
  return Math.max(root.reply_count ?? 0, loaded);
}

export const isRoot = (message: StoredMessage): boolean =>
  !message.thread_ts || message.thread_ts === message.ts;

export const isVisible = (state: State, message: StoredMessage): boolean =>
  !message.ephemeral_to || message.ephemeral_to === state.me;
