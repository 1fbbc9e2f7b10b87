import type { CallSettings } from '../../calls/types.ts';
import type { MemberId, PhoneNumber, WorkspaceId } from '../../ids.ts';

export interface CallSettingsTx {
  /** Null until a workspace saves its own. */
  callSettings(workspaceId: WorkspaceId): Promise<CallSettings | null>;
  saveCallSettings(workspaceId: WorkspaceId, settings: CallSettings): Promise<void>;
  /** The phone number that a member saved as their own. */
  ownNumber(workspaceId: WorkspaceId, memberId: MemberId): Promise<PhoneNumber | null>;
  /** Null removes it. */
  saveOwnNumber(workspaceId: WorkspaceId, memberId: MemberId, number: PhoneNumber | null): Promise<void>;
}
