import type { Conversation, MeetingConversation } from '../../core/conversation/types.ts';
import type { Thread } from '../../core/ids.ts';

/** A meeting, or a call, whose card is in its channel. */
export type PostedMeeting = MeetingConversation & { readonly thread: Thread };

export const isPostedMeeting = (conversation: Conversation | null): conversation is PostedMeeting =>
  isMeeting(conversation) && conversation.thread !== null;

/** Whether people are in a room of ours: in a meeting, or in a call. */
export const isMeeting = (conversation: Conversation | null): conversation is MeetingConversation =>
  conversation !== null && conversation.kind !== 'recording';
