import type { LegId, MemberId } from '../ids.ts';

const PREFIX = 'phone:';

/** Who a telephone is among the parties of a meeting, where everybody else is a member of the workspace. */
export const phonePersonId = (legId: LegId): MemberId => `${PREFIX}${legId}` as MemberId;

/** No workspace has members with such ids. */
export const isPhonePersonId = (personId: MemberId): boolean => personId.startsWith(PREFIX);
