import { toAppError } from '../../../core/error.ts';
import type { ConversationId, MemberId, WorkspaceId } from '../../../core/ids.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { parseCallOrder } from '../../blocks/call-plan.ts';
import { withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick, parseViewClick } from './click.ts';
import { type ConfirmationClick, confirmationOf } from './confirmation.ts';

/** The answers to a confirmation, and "Hang up" on a call's card. */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.action(ACTIONS.placeCall, async (args) => {
    await args.ack();
    await place(deps, args, 'browser');
  });

  app.action(ACTIONS.placeCallFromOwnPhone, async (args) => {
    await args.ack();
    await place(deps, args, 'own-phone');
  });

  app.action(ACTIONS.cancelCall, async ({ ack, respond }) => {
    await ack();
    await respond({ delete_original: true });
  });

  app.action(ACTIONS.hangUp, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, recipient } = parseClick(args);
    // Not in the thread of the card, which nobody has open who sees the card.
    await deps.replies.sendOutcome({ ...recipient, rootId: null }, () =>
      deps.requests.hangUp(conversationId, workspaceId, recipient.memberId),
    );
  });
};

type Args = ConfirmationClick & { context: unknown };

/**
 * Has it rung, and turns the confirmation into the way in. A refusal takes the confirmation's place; after a fault its
 * button can be pressed again: that is the same call, should it have been placed after all.
 */
const place = async (deps: ListenerDeps, args: Args, from: 'browser' | 'own-phone'): Promise<void> => {
  const { memberId: by, workspaceId, value } = parseViewClick(args);
  const order = parseCallOrder(value);
  const { number, memberId, title, origin } = order;
  const { channelId, ...confirmation } = confirmationOf(deps, args, by);
  try {
    const request = { workspaceId, channelId, by, number, memberId, title, from, origin };
    const placed = await deps.requests.placeCall(request);
    if ('refused' in placed) {
      await confirmation.refused(placed.refused);
    } else if (from === 'own-phone') {
      await confirmation.calling(order, { from });
    } else {
      await showJoinLink(requestJoinLink(deps, placed.conversationId, workspaceId, by), (link) =>
        confirmation.calling(order, { from, link }),
      );
    }
  } catch (error) {
    deps.log.warn({ err: error, channel: channelId }, 'a call could not be placed');
    await confirmation.failed(order, from, toAppError(error).userMessage);
  }
};

/** A link of one's own into the call, or why there is none yet. */
type JoinLink = { readonly url: string } | { readonly sentence: string };

/** The call may be answered within seconds: says that the way in follows while it is waited for. */
const showJoinLink = async (
  asked: Promise<JoinLink>,
  show: (way: JoinLink | null) => Promise<void>,
): Promise<void> => {
  if ((await withinDeadline(asked)) === null) await show(null);
  await show(await asked);
};

const requestJoinLink = async (
  { requests, log }: ListenerDeps,
  conversationId: ConversationId,
  workspaceId: WorkspaceId,
  by: MemberId,
): Promise<JoinLink> => {
  try {
    const link = await requests.meetingLink(conversationId, workspaceId, by);
    return 'url' in link ? link : { sentence: `${link.refused} The call’s card shows how it goes.` };
  } catch (error) {
    log.warn({ err: error, conversation: conversationId }, 'no link into a call could be had');
    return { sentence: `${toAppError(error).userMessage} Or click “Join” on the call’s card.` };
  }
};
