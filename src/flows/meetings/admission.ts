import type { Conversation } from '../../core/conversation/types.ts';
import type { MeetingLink } from '../../core/ports.ts';
import { MEETINGS } from '../sentences.ts';
import { isMeeting } from '../util/conversations.ts';

/** Why a person can't join, as a sentence; null when they can. */
export const whyClosed = (
  conversation: Conversation | null,
  { removed }: { readonly removed: boolean },
): string | null => {
  if (!isMeeting(conversation)) return MEETINGS.notFound;
  const { kind, state, startedAtMs } = conversation;
  if (state.name === 'opening') return MEETINGS.notOpenYet(kind);
  if (state.name !== 'open') {
    return kind === 'meeting' && startedAtMs === null ? MEETINGS.noOneJoined : MEETINGS.ended(kind);
  }
  return removed ? MEETINGS.removed(kind) : null;
};

/** Why a link does not work in this browser, as a sentence; null when it does. */
export const whyLinkRefused = (
  { expired, browser }: MeetingLink,
  { owner, wasIn }: { readonly owner: string | null; readonly wasIn: boolean },
): string | null => {
  if (owner !== null && owner !== browser) return MEETINGS.linkTaken;
  // Who has been in may return with a resume token, which a page keeps for longer than its link lasts.
  if (expired) return wasIn ? null : MEETINGS.linkExpired;
  return browser === null ? MEETINGS.oldPage : null;
};
