import type { MeetingConversation, MeetingState } from '../conversation/types.ts';
import { type Capture, declinerOf } from '../meeting/capture.ts';
import { renderNotice, spokenCaller } from './settings.ts';
import { DEFAULT_NOTICE, SPOKEN, spokenOpening } from './spoken.ts';
import type { CallSettings, Leg } from './types.ts';

/**
 * What a phone hears first. The notice that a workspace wrote itself is for those who did not ask to be called, unless
 * someone declined before: then there is nothing to be told of.
 */
export const openingAnnouncement = (
  { role }: Pick<Leg, 'role'>,
  conversation: Pick<MeetingConversation, 'title'>,
  settings: CallSettings,
  callerName: string,
  capture: Capture,
): string => {
  const isAsked = role === 'callee' || role === 'added';
  const isOwn = settings.notice !== DEFAULT_NOTICE && declinerOf(capture.recording) === null;
  return isAsked && isOwn
    ? renderNotice(settings, callerName)
    : spokenOpening(role, conversation, spokenCaller(callerName), capture);
};

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
