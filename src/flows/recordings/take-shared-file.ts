import type { Job } from '../../core/conversation/types.ts';
import type { Chat, JobHandler, Log, Requests, Store } from '../../core/ports.ts';

type TakeSharedFile = Extract<Job, { name: 'take-shared-file' }>;

/**
 * Transcribes a file whose message never arrived: of large files in group messages, Slack tells no more than that they
 * were shared. Mostly the message did arrive, and nothing is left to do.
 */
export const takeSharedFileHandler = ({
  store,
  chat,
  requests,
  log,
}: {
  readonly store: Store;
  readonly chat: Chat;
  readonly requests: Pick<Requests, 'filesPosted'>;
  readonly log: Log;
}): JobHandler<TakeSharedFile> => ({
  async run({ workspaceId, channelId, fileId }) {
    const known = await store.transact((tx) => tx.recordingsOfFile(workspaceId, fileId));
    if (known.some(({ thread }) => thread.channelId === channelId)) return;
    const shared = await chat.sharedRecording({ workspaceId, channelId }, fileId);
    if (shared === null) return;
    await requests.filesPosted(shared);
  },

  async gaveUp({ channelId }, error) {
    log.info({ code: error.code, channel: channelId }, 'a shared file was not looked up');
  },
});
