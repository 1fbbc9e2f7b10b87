import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { Chat, Clock } from '../../core/ports.ts';
import { inTime } from './in-time.ts';

/** The name of a member; null when the chat service does not answer in time or does not know it. */
export const memberName = async (
  { chat, clock }: { readonly chat: Chat; readonly clock: Clock },
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<string | null> => {
  const name = await inTime(clock, chat.memberName(workspaceId, memberId));
  // Without a name the chat service answers the id.
  return name === memberId ? null : name;
};
