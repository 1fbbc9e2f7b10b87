import type { Approach } from '../../core/conversation/may-be-recording.ts';
import { toAppError } from '../../core/error.ts';
import type { MemberId, MessageId, Thread } from '../../core/ids.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { PostedFile } from '../../core/ports.ts';
import type { ListenerDeps } from './deps.ts';

/** A message of a person, in the thread where its answer goes. */
export interface Posted {
  readonly thread: Thread;
  readonly postedIn: MessageId;
  readonly by: MemberId;
}

/**
 * Requests transcripts of a message's files. What fails for the moment is thrown, so that Slack sends the event again;
 * what fails for good, or fails the last time, ends in a sentence for the person.
 */
export const acceptFiles = async (
  { requests, replies, log }: Pick<ListenerDeps, 'requests' | 'replies' | 'log'>,
  posted: Posted,
  files: () => Promise<readonly PostedFile[]>,
  { approach, retryNum }: { readonly approach: Approach; readonly retryNum: number | undefined },
): Promise<void> => {
  const { thread, by } = posted;
  try {
    await requests.filesPosted({ ...posted, files: await files(), approach });
  } catch (error) {
    if (willBeRedelivered(error, retryNum)) throw error;
    logFailure(log, error, { channel: thread.channelId }, 'posted files not accepted');
    const recipient = { channelId: thread.channelId, rootId: thread.rootId, memberId: by };
    await replies.send(recipient, toAppError(error).userMessage);
  }
};

/** Slack sends an event three times more: at once, after a minute, after five. */
const LAST_RETRY = 3;

/**
 * Whether Slack sends the event again if it is not acknowledged now (see `receiver.ts`). Files that are stored already
 * are not taken twice.
 */
const willBeRedelivered = (error: unknown, retryNum: number | undefined): boolean =>
  toAppError(error).retryable && (retryNum ?? 0) < LAST_RETRY;
