import { z } from 'zod';
import { recordingsAmong } from '../../core/conversation/may-be-recording.ts';
import { AppError, isGone } from '../../core/error.ts';
import type { Channel, FileId, MemberId, MessageId } from '../../core/ids.ts';
import type { Chat } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { latestMessageWith } from '../history.ts';
import { approachIn, filesIn, toPostedFile } from '../posted-files.ts';
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
    const share = await shareOf(api, file, channelId);
    const by = share.by ?? file.user ?? null;
    if (by === null || (await isApp(api, by))) return null;
    const thread = { workspaceId, channelId, rootId: share.rootId };
    return { file: posted, thread, postedIn: share.messageId, by: by as MemberId, approach };
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

interface Share {
  readonly messageId: MessageId;
  readonly rootId: MessageId;
  readonly by: string | null;
}

/** As the file says, or else the channel's latest messages. @throws {AppError} retryable, while it is in neither */
const shareOf = async (api: Api, file: SlackFile, channelId: Channel['channelId']): Promise<Share> => {
  const [named] = sharesIn(file, channelId).toSorted((a, b) => (a.ts < b.ts ? 1 : -1));
  if (named !== undefined) {
    const { ts, thread_ts = ts, share_user_id: by = null } = named;
    return { messageId: ts as MessageId, rootId: thread_ts as MessageId, by };
  }
  const message = await latestMessageWith(api, channelId, (one) =>
    filesIn(one).some(({ id }) => id === file.id),
  );
  if (message !== null) {
    const { ts, thread_ts = ts, user: by = null } = message;
    return { messageId: ts, rootId: thread_ts, by };
  }
  throw new AppError({ code: 'chat-failed', retryable: true, userMessage: FILE_ERRORS.unavailable });
};

const UserResponse = z.object({ user: z.object({ is_bot: z.boolean().optional() }) });

/** Files of other apps are transcribed only when a person asks for it. */
const isApp = async (api: Api, memberId: string): Promise<boolean> =>
  (await api.call('users.info', { user: memberId }, UserResponse)).user.is_bot === true;
