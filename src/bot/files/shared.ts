import { recordingsAmong } from '../../core/conversation/may-be-recording.ts';
import { AppError, isGone } from '../../core/error.ts';
import type { Channel, FileId, MemberId, MessageId } from '../../core/ids.ts';
import type { Chat } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { latestMessageWith, messageAt } from '../history.ts';
import { approachIn, filesIn, postedFilesOf, toPostedFile } from '../posted-files.ts';
import { FILE_ERRORS } from '../sentences/errors.ts';
import { fileInfo, type SlackFile, sharesIn } from './info.ts';

/** Finds a shared file and the message that shared it, for an event that brought nothing but their ids. */
export const createSharedFiles = ({ api }: { api: Api }): Pick<Chat, 'sharedRecording'> => ({
  async sharedRecording({ workspaceId, channelId }, fileId) {
    const file = await existing(api, fileId);
    if (file === null) return null;
    const posted = toPostedFile(file);
    const approach = approachIn(channelId);
    if (recordingsAmong([posted], approach).length === 0) return null;
    const message = await messageOf(api, file, { workspaceId, channelId });
    // Files of other apps and workflows are transcribed only when a person asks for it.
    if (message === null || message.bot_id || !message.user) return null;
    const { ts: postedIn, thread_ts: rootId = postedIn, user } = message;
    const thread = { workspaceId, channelId, rootId };
    const files = await postedFilesOf(api, message);
    return { files: files.length > 0 ? files : [posted], thread, postedIn, by: user as MemberId, approach };
  },
});

const existing = async (api: Api, fileId: FileId): Promise<SlackFile | null> => {
  try {
    return await fileInfo(api, fileId);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
};

/**
 * The message that shares it: as the file says, or else among the channel's latest. Null once it is deleted.
 * @throws {AppError} retryable, while it is in neither
 */
const messageOf = async (api: Api, file: SlackFile, channel: Channel) => {
  const [share] = sharesIn(file, channel.channelId).toSorted((a, b) => (a.ts < b.ts ? 1 : -1));
  if (share !== undefined) {
    const rootId = (share.thread_ts ?? share.ts) as MessageId;
    return messageAt(api, { ...channel, rootId }, share.ts as MessageId);
  }
  const found = await latestMessageWith(api, channel.channelId, (message) =>
    filesIn(message).some(({ id }) => id === file.id),
  );
  if (found !== null) return found;
  throw new AppError({ code: 'chat-failed', retryable: true, userMessage: FILE_ERRORS.unavailable });
};
