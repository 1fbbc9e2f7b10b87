import type { ModalView } from '@slack/types';
import { toAppError } from '../../../core/error.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { buildMeetingLink, buildMeetingLinkView } from '../../blocks/meeting-link.ts';
import { buildNotice, buildTooSlow } from '../../blocks/notice.ts';
import { openView, withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick, parseViewClick } from './click.ts';

/**
 * "Join": whoever clicks gets a link of their own, and nobody else sees it. From the card it is said in the channel
 * to them alone; from the App Home, in a dialogue.
 */
export const register = (app: Registry, { requests, api, replies, log }: ListenerDeps): void => {
  app.action(ACTIONS.joinMeeting, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, recipient } = parseClick(args);
    // Not in the thread of the card, which nobody has open who sees the card.
    const here = { ...recipient, rootId: null };
    await replies.sendOutcome(here, async () => {
      const link = await requests.meetingLink(conversationId, workspaceId, recipient.memberId);
      if ('refused' in link) return { outcome: 'refused', sentence: link.refused };
      await replies.send(here, buildMeetingLink(link.url));
      return null;
    });
  });

  app.action(ACTIONS.joinFromHome, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, memberId, triggerId } = parseViewClick(args);
    const asked = requests.meetingLink(conversationId, workspaceId, memberId).catch((error: unknown) => {
      log.warn({ err: error, conversation: conversationId }, 'no link into a meeting could be had');
      return { refused: toAppError(error).userMessage };
    });
    const link = await withinDeadline(asked);
    await openView(api, triggerId, link === null ? buildTooSlow('Join') : viewOf(link));
  });
};

const viewOf = (link: { readonly url: string } | { readonly refused: string }): ModalView =>
  'refused' in link ? buildNotice('Join', link.refused) : buildMeetingLinkView(link.url);
