import type { LegId, MemberId } from '../ids.ts';

const PREFIX = 'phone:';

/** A phone's person id among the parties of a meeting, where everyone else is a member of the workspace. */
export const phonePersonId = (legId: LegId): MemberId => `${PREFIX}${legId}` as MemberId;

/** No workspace has member ids like these. */
export const isPhonePersonId = (personId: MemberId): boolean => personId.startsWith(PREFIX);
