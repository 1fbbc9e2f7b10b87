import type { Conversation } from '../../core/conversation/types.ts';
import type { MeetingLink } from '../../core/ports.ts';
import { isMeeting } from './posted-meeting.ts';

/** Why somebody cannot come in, as a sentence; null when they can. */
export const whyClosed = (
  conversation: Conversation | null,
  { removed }: { readonly removed: boolean },
): string | null => {
  if (!isMeeting(conversation)) return 'There is no such meeting.';
  const { kind } = conversation;
  if (conversation.state.name === 'opening')
    return `This ${kind} is not open yet. Please try again in a moment.`;
  if (conversation.state.name !== 'open')
    return kind === 'meeting' && conversation.startedAtMs === null
      ? 'This meeting was closed before anybody came. Start a new one from its card in Slack, or with “/meet”.'
      : `This ${kind} has ended. What was said is in its thread in Slack.`;
  return removed ? `The host removed you from this ${kind}.` : null;
};

/** Why a link opens nothing in this browser, as a sentence; null when it does. */
export const whyLinkRefused = (
  { expired, browser }: MeetingLink,
  by: { readonly owner: string | null; readonly wasIn: boolean },
): string | null => {
  if (by.owner !== null && by.owner !== browser) return TAKEN;
  // Who has been in may come back with the token of their place, which a page keeps for longer than its link lasts.
  if (expired) return by.wasIn ? null : EXPIRED;
  return browser === null ? UNKNOWN_PAGE : null;
};

const TAKEN =
  'This link was opened in another browser first, and works only there. ' +
  'Press Join on the card in Slack to get one of your own.';
const EXPIRED = 'This link has expired. Press Join on the card in Slack to get a new one.';
const UNKNOWN_PAGE = 'This page is of another version of Parley. Please load it anew.';
