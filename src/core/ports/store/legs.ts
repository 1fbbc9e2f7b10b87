import type { CallCounts, Leg } from '../../calls/types.ts';
import type { ChannelId, ConversationId, LegId, MemberId, WorkspaceId } from '../../ids.ts';

export interface LegTx {
  addLeg(leg: Leg): Promise<void>;
  /** `lock` as for `conversation`. */
  leg(id: LegId, options?: { lock: boolean }): Promise<Leg | null>;
  /** In the order in which they were added. */
  legsOf(id: ConversationId): Promise<readonly Leg[]>;
  saveLeg(leg: Leg): Promise<void>;
  /** Those with a leg that was answered and has not ended. */
  conversationsWithActiveLegs(): Promise<readonly ConversationId[]>;
  /**
   * Outbound legs of a workspace since `sinceMs`, and those that have not ended. Locks the workspace's count until the
   * transaction ends, so that simultaneous callers count each other.
   */
  callCounts(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly memberId: MemberId;
    readonly sinceMs: number;
  }): Promise<CallCounts>;
}
