import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { FlowParts } from '../parts.ts';
import { pause } from './pause.ts';

/** Somebody waits: at a door, or with a telephone at their ear. */
const NAME_WITHIN_MS = 2_000;
/** Who is there although the chat service does not say what they are called. */
export const SOMEONE = 'Somebody';

/** What a member is called; null where a chat service that is slow or away does not say. */
export const nameInTime = async (
  { chat }: Pick<FlowParts, 'chat'>,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<string | null> => {
  const name = await Promise.race([chat.memberName(workspaceId, memberId), pause(NAME_WITHIN_MS)]);
  // Without a name there is only what the chat service calls them among machines.
  return name === memberId ? null : name;
};
