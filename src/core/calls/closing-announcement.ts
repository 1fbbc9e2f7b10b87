import type { MeetingState } from '../conversation/types.ts';
import { SPOKEN } from './spoken.ts';
import type { Leg } from './types.ts';

/** Whether a telephone has been on for as long as one may be. */
export const isOverTimeLimit = (
  { answeredAtMs }: Pick<Leg, 'answeredAtMs'>,
  maxDurationMs: number,
  nowMs: number,
): boolean => answeredAtMs !== null && nowMs >= answeredAtMs + maxDurationMs;

/** What a telephone hears last, when it is our side that ends its call. */
export const closingAnnouncement = (
  leg: Pick<Leg, 'state' | 'answeredAtMs'>,
  conversation: { readonly state: MeetingState },
  { maxDurationMs, nowMs }: { readonly maxDurationMs: number; readonly nowMs: number },
): readonly string[] => {
  const { state } = leg;
  if (state.name === 'ended' && state.how === 'room-full' && state.reason !== null) {
    return [state.reason, SPOKEN.tryLater];
  }
  if (isOverTimeLimit(leg, maxDurationMs, nowMs)) return [SPOKEN.tooLong];
  return [conversation.state.name === 'open' ? SPOKEN.hungUp : SPOKEN.over];
};
