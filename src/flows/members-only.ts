import type { Chat, Requests } from '../core/ports.ts';
import { EXTERNAL } from './sentences.ts';

/**
 * Meetings and calls are for members: a person of another organization, in a channel that is shared with it, gets a
 * sentence. Recordings and their results are for everyone who can post in the channel.
 */
export const membersOnly = (requests: Requests, chat: Pick<Chat, 'isExternal'>): Requests => ({
  ...requests,
  async openMeeting(request) {
    if (!(await chat.isExternal(request.workspaceId, request.by))) return requests.openMeeting(request);
    return { outcome: 'refused', sentence: EXTERNAL.start };
  },
  async meetingLink(conversationId, workspaceId, by) {
    if (await chat.isExternal(workspaceId, by)) return { refused: EXTERNAL.join };
    return requests.meetingLink(conversationId, workspaceId, by);
  },
  async callUnavailableReason(workspaceId, by) {
    if (await chat.isExternal(workspaceId, by)) return EXTERNAL.start;
    return requests.callUnavailableReason(workspaceId, by);
  },
  async planCall(request) {
    if (await chat.isExternal(request.workspaceId, request.by)) return { refused: EXTERNAL.start };
    return requests.planCall(request);
  },
  async placeCall(request) {
    if (await chat.isExternal(request.workspaceId, request.by)) return { refused: EXTERNAL.start };
    return requests.placeCall(request);
  },
  async hangUp(conversationId, workspaceId, by) {
    if (!(await chat.isExternal(workspaceId, by))) return requests.hangUp(conversationId, workspaceId, by);
    return { outcome: 'refused', sentence: EXTERNAL.hangUp };
  },
});
