import type { ModalView } from '@slack/types';
import { toAppError } from '../../../core/error.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { buildMeetingLink, buildMeetingLinkView } from '../../blocks/meeting-link.ts';
import { buildNotice, buildTooSlow } from '../../blocks/notice.ts';
import { JOIN_LINK } from '../../sentences/meetings.ts';
import { openView, withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick, parseViewClick } from './click.ts';

/**
 * "Join": each person who clicks gets a link of their own that no one else sees. From the card it is an ephemeral message
 * in the channel; from the App Home, a dialog.
 */
export const register = (app: Registry, { requests, api, replies, clock, log }: ListenerDeps): void => {
  app.action(ACTIONS.joinMeeting, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, recipient } = parseClick(args);
    // Not in the card's thread: who clicks on the card rarely has it open.
    const inChannel = { ...recipient, rootId: null };
    await replies.sendOutcome(inChannel, async () => {
      const link = await requests.meetingLink(conversationId, workspaceId, recipient.memberId);
      if ('refused' in link) return { outcome: 'refused', sentence: link.refused };
      await replies.send(inChannel, buildMeetingLink(link.url));
      return null;
    });
  });

  app.action(ACTIONS.joinFromHome, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, memberId, triggerId } = parseViewClick(args);
    const requested = requests.meetingLink(conversationId, workspaceId, memberId).catch((error: unknown) => {
      log.warn({ err: error, conversation: conversationId }, 'no join link');
      return { refused: toAppError(error).userMessage };
    });
    const link = await withinDeadline(clock, requested);
    await openView(api, triggerId, link === null ? buildTooSlow(JOIN_LINK.title) : viewOf(link));
  });
};

const viewOf = (link: { readonly url: string } | { readonly refused: string }): ModalView =>
  'refused' in link ? buildNotice(JOIN_LINK.title, link.refused) : buildMeetingLinkView(link.url);
