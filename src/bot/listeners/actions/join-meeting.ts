import type { ModalView } from '@slack/types';
import { toAppError } from '../../../core/error.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { buildMeetingLink, buildMeetingLinkView } from '../../blocks/meeting-link.ts';
import { buildNotice, buildTooSlow } from '../../blocks/notice.ts';
import { openView } from '../../open-view.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { inTime } from '../views/in-time.ts';
import { parseClick, parseViewClick } from './click.ts';

/**
 * "Join": whoever clicks gets a link of their own, and nobody else sees it. From the card it is said in the channel
 * to them alone; from the App Home, in a dialogue.
 */
export const register = (app: Registry, { requests, api, tell, log }: ListenerDeps): void => {
  app.action(ACTIONS.joinMeeting, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, ear } = parseClick(args);
    // Not in the thread of the card, which nobody has open who sees the card.
    const here = { ...ear, rootId: null };
    await tell.answer(here, async () => {
      const link = await requests.meetingLink(conversationId, workspaceId, ear.memberId);
      if ('refused' in link) return { outcome: 'refused', sentence: link.refused };
      await tell.tell(here, buildMeetingLink(link.url));
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
    const link = await inTime(asked);
    await openView(api, triggerId, link === null ? buildTooSlow('Join') : viewOf(link));
  });
};

const viewOf = (link: { readonly url: string } | { readonly refused: string }): ModalView =>
  'refused' in link ? buildNotice('Join', link.refused) : buildMeetingLinkView(link.url);
