import type { Conversation } from '../../core/conversation/types.ts';
import { isMeeting } from './shown.ts';

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
