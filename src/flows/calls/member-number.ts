import { parseDialableNumber } from '../../core/calls/dialable-number.ts';
import type { DialableNumber, DialPlan } from '../../core/calls/types.ts';
import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { Chat, Store } from '../../core/ports.ts';

/**
 * The number of a member's phone: the one that they saved, else the one in their profile. Null when there is neither.
 */
export const loadMemberNumber = async (
  { store, chat }: { readonly store: Store; readonly chat: Chat },
  plan: DialPlan,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<DialableNumber | { readonly refused: string } | null> => {
  const saved = await store.transact((tx) => tx.ownNumber(workspaceId, memberId));
  const text = saved ?? (await chat.memberPhone(workspaceId, memberId));
  if (text === null) return null;
  const parsed = parseDialableNumber(text, plan);
  return 'refused' in parsed ? parsed : parsed.dialable;
};
