import type { MemberId } from '../ids.ts';
import type { CallCounts, CallLimits, CallSettings } from './types.ts';

/**
 * Why somebody may not have `telephones` more (one, unless said) rung now, as a sentence; null when they may. The counts
 * are those before, read in the transaction that adds the legs.
 */
export const whyCallRefused = (asked: {
  readonly counts: CallCounts;
  readonly limits: CallLimits;
  readonly settings: CallSettings;
  readonly by: MemberId;
  readonly telephones?: number;
}): string | null => {
  const { counts, limits, settings, by, telephones = 1 } = asked;
  const exceeds = (count: number, limit: number): boolean => count + telephones > limit;
  const notOne = whyCallerRefused(settings, by);
  if (notOne !== null) return notOne;
  if (exceeds(counts.concurrent, limits.concurrent)) {
    return `As many telephones as Parley may have at once (${limits.concurrent}) are in calls now. Try again when one of them has ended.`;
  }
  if (exceeds(counts.byMember, limits.perMember)) return capped('You', limits.perMember);
  if (exceeds(counts.byChannel, limits.perChannel)) return capped('This channel', limits.perChannel);
  if (exceeds(counts.byWorkspace, limits.perWorkspace)) return capped('This workspace', limits.perWorkspace);
  return null;
};

/** Why somebody is not among those who may call, as a sentence; null when they are. */
export const whyCallerRefused = ({ callers }: CallSettings, by: MemberId): string | null =>
  callers === null || callers.includes(by)
    ? null
    : 'In this workspace only some people may call with Parley, and you are not among them. Ask an admin of the workspace.';

const capped = (who: string, limit: number): string =>
  `${who} may have ${limit} ${limit === 1 ? 'telephone' : 'telephones'} rung in 24 hours, and that is used up. Try again later, or ask whoever runs Parley.`;
