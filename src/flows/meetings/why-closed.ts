import type { Conversation } from '../../core/conversation/types.ts';

/** Why somebody cannot come in, as a sentence; null when they can. */
export const whyClosed = (
  conversation: Conversation | null,
  { removed }: { readonly removed: boolean },
): string | null => {
  if (conversation?.kind !== 'meeting') return 'There is no such meeting.';
  if (conversation.state.name === 'opening')
    return 'This meeting is not open yet. Please try again in a moment.';
  if (conversation.state.name !== 'open')
    return 'This meeting has ended. What was said is in its thread in Slack.';
  return removed ? 'The host removed you from this meeting.' : null;
};
