import type { MemberId } from '../ids.ts';
import { allLinesInUse, CALLER_NOT_ALLOWED, dailyLimitReached } from './sentences.ts';
import type { CallCounts, CallLimits, CallSettings } from './types.ts';

/**
 * Why a member may not call `legs` more phones (one, unless given) now, as a sentence; null when they may. The counts
 * are those before, read in the transaction that adds the legs.
 */
export const whyCallRefused = (request: {
  readonly counts: CallCounts;
  readonly limits: CallLimits;
  readonly settings: CallSettings;
  readonly by: MemberId;
  readonly legs?: number;
}): string | null => {
  const { counts, limits, settings, by, legs = 1 } = request;
  const exceeds = (count: number, limit: number): boolean => count + legs > limit;
  const callerRefused = whyCallerRefused(settings, by);
  if (callerRefused !== null) return callerRefused;
  if (exceeds(counts.concurrent, limits.concurrent)) return allLinesInUse(limits.concurrent);
  if (exceeds(counts.byMember, limits.perMember)) return dailyLimitReached('member', limits.perMember);
  if (exceeds(counts.byChannel, limits.perChannel)) return dailyLimitReached('channel', limits.perChannel);
  if (exceeds(counts.byWorkspace, limits.perWorkspace)) {
    return dailyLimitReached('workspace', limits.perWorkspace);
  }
  return null;
};

/** Why a member may never call, as a sentence; null when they may. */
export const whyCallerRefused = ({ callers }: CallSettings, by: MemberId): string | null =>
  callers === null || callers.includes(by) ? null : CALLER_NOT_ALLOWED;
