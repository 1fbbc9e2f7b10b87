import type { AppError } from '../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { Chat } from '../../core/ports.ts';

/** Why something failed, for one person: an admin of the workspace may be able to change it. */
export const personalReason = async (
  chat: Pick<Chat, 'isAdmin'>,
  workspaceId: WorkspaceId,
  to: MemberId,
  { userMessage, adminMessage }: AppError,
): Promise<string> => {
  if (adminMessage === null) return userMessage;
  const isAdmin = await chat.isAdmin(workspaceId, to).catch(() => false);
  return isAdmin ? adminMessage : userMessage;
};
