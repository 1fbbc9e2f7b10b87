import type { MeetingState } from '../conversation/types.ts';
import { SPOKEN } from './spoken.ts';
import type { Leg } from './types.ts';

/** Whether a telephone has been on for as long as one may be. */
export const isOverTimeLimit = (
  { answeredAtMs }: Pick<Leg, 'answeredAtMs'>,
  longestMs: number,
  nowMs: number,
): boolean => answeredAtMs !== null && nowMs >= answeredAtMs + longestMs;

/** What a telephone hears last, when it is our side that ends its call. */
export const closingAnnouncement = (
  leg: Pick<Leg, 'state' | 'answeredAtMs'>,
  conversation: { readonly state: MeetingState },
  { longestMs, nowMs }: { readonly longestMs: number; readonly nowMs: number },
): readonly string[] => {
  const { state } = leg;
  if (state.name === 'ended' && state.how === 'no-place' && state.reason !== null) {
    return [state.reason, SPOKEN.tryLater];
  }
  if (isOverTimeLimit(leg, longestMs, nowMs)) return [SPOKEN.tooLong];
  return [conversation.state.name === 'open' ? SPOKEN.hungUp : SPOKEN.over];
};
