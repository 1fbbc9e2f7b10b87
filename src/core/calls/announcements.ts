import type { MeetingConversation, MeetingState } from '../conversation/types.ts';
import { renderNotice } from './settings.ts';
import { SPOKEN, spokenOpening } from './spoken.ts';
import type { CallSettings, Leg } from './types.ts';

/** What a phone hears first. The workspace's own notice is for those who did not ask to be called. */
export const openingAnnouncement = (
  { role }: Pick<Leg, 'role'>,
  conversation: Pick<MeetingConversation, 'kind' | 'title'>,
  settings: CallSettings,
  callerName: string,
): string =>
  role === 'callee' || role === 'added'
    ? renderNotice(settings, callerName)
    : spokenOpening(role, conversation);

/** Whether a leg has been connected for as long as is allowed. */
export const isOverTimeLimit = (
  { answeredAtMs }: Pick<Leg, 'answeredAtMs'>,
  maxDurationMs: number,
  nowMs: number,
): boolean => answeredAtMs !== null && nowMs >= answeredAtMs + maxDurationMs;

/** What a phone hears last when our side ends its call. */
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
