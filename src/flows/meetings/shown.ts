import type { Conversation, MeetingConversation } from '../../core/conversation/types.ts';
import type { Thread } from '../../core/ids.ts';

/** A meeting whose card is in its channel. */
export type ShownMeeting = MeetingConversation & { readonly thread: Thread };

export const isShownMeeting = (conversation: Conversation | null): conversation is ShownMeeting =>
  conversation?.kind === 'meeting' && conversation.thread !== null;
