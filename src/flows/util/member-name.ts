import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { Chat, Clock } from '../../core/ports.ts';

/** A person waits for it: on the meeting page, or on the phone. */
const TIMEOUT_MS = 2_000;

/** The name of a member; null when the chat service does not answer in time or does not know it. */
export const memberName = async (
  { chat, clock }: { readonly chat: Chat; readonly clock: Clock },
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<string | null> => {
  const answered = new AbortController();
  const timeout = clock.sleep(TIMEOUT_MS, answered.signal).catch(() => {});
  try {
    const name = await Promise.race([chat.memberName(workspaceId, memberId), timeout]);
    // Without a name the chat service answers the id.
    return name === memberId ? null : (name ?? null);
  } finally {
    answered.abort();
  }
};
