import { z } from 'zod';
import type { ChannelId, FileId } from '../../../core/ids.ts';
import { IncomingContext } from '../../incoming.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

const Shared = z.object({
  file_id: z.string().min(1),
  channel_id: z.string().min(1),
  user_id: z.string().nullish(),
});
const Deleted = z.object({ file_id: z.string().min(1) });

/** Files that were shared, beside the event of their message and now and then without it; and files that were deleted. */
export const register = (app: Registry, { requests }: ListenerDeps): void => {
  app.event('file_shared', async ({ event, context }) => {
    const { file_id: fileId, channel_id: channelId, user_id: user } = Shared.parse(event);
    const { teamId: workspaceId, botUserId } = IncomingContext.parse(context);
    if (user === botUserId) return;
    await requests.fileShared({ workspaceId, channelId: channelId as ChannelId, fileId: fileId as FileId });
  });

  app.event('file_deleted', async ({ event, context }) => {
    const { file_id: fileId } = Deleted.parse(event);
    const { teamId: workspaceId } = IncomingContext.parse(context);
    await requests.fileDeleted({ workspaceId, fileId: fileId as FileId });
  });
};
