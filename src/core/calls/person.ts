import type { LegId, MemberId } from '../ids.ts';

const PREFIX = 'phone:';

/** Who a telephone is among the parties of a meeting, where everybody else is a member of the workspace. */
export const phonePerson = (legId: LegId): MemberId => `${PREFIX}${legId}` as MemberId;

/** No workspace has members with such ids. */
export const isPhonePerson = (personId: MemberId): boolean => personId.startsWith(PREFIX);
