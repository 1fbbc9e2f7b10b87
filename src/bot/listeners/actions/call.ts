import { toAppError } from '../../../core/error.ts';
import type { ConversationId, MemberId, WorkspaceId } from '../../../core/ids.ts';
import type { Clock } from '../../../core/ports.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { parseCallOrder } from '../../blocks/call-plan.ts';
import { CALLING } from '../../sentences/calls.ts';
import { withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick, parseViewClick } from './click.ts';
import { type ConfirmationClick, confirmationOf } from './confirmation.ts';

/** The buttons of a call's confirmation, and "Hang up" on its card. */
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

  app.action(ACTIONS.pressExtension, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, recipient } = parseClick(args);
    await deps.replies.sendOutcome({ ...recipient, rootId: null }, () =>
      deps.requests.pressExtension(conversationId, workspaceId, recipient.memberId),
    );
  });

  app.action(ACTIONS.hangUp, async (args) => {
    await args.ack();
    const { conversationId, workspaceId, recipient } = parseClick(args);
    // Not in the card's thread: who clicks on the card rarely has it open.
    await deps.replies.sendOutcome({ ...recipient, rootId: null }, () =>
      deps.requests.hangUp(conversationId, workspaceId, recipient.memberId),
    );
  });
};

type Args = ConfirmationClick & { context: unknown };

/**
 * Places the call and replaces the confirmation by the caller's join link, or by the refusal. After a fault the button
 * can be pressed again: that is the same call, should it have been placed after all.
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
      await showJoinLink(deps.clock, requestJoinLink(deps, placed.conversationId, workspaceId, by), (link) =>
        confirmation.calling(order, { from, link }),
      );
    }
  } catch (error) {
    deps.log.warn({ err: error, channel: channelId }, 'call not placed');
    await confirmation.failed(order, from, toAppError(error).userMessage);
  }
};

/** The caller's own link into the call, or why there is none yet. */
type JoinLink = { readonly url: string } | { readonly sentence: string };

/** The call may be answered within seconds, so the confirmation changes before the link is there. */
const showJoinLink = async (
  clock: Clock,
  requested: Promise<JoinLink>,
  show: (link: JoinLink | null) => Promise<void>,
): Promise<void> => {
  if ((await withinDeadline(clock, requested)) === null) await show(null);
  await show(await requested);
};

const requestJoinLink = async (
  { requests, log }: ListenerDeps,
  conversationId: ConversationId,
  workspaceId: WorkspaceId,
  by: MemberId,
): Promise<JoinLink> => {
  try {
    const link = await requests.meetingLink(conversationId, workspaceId, by);
    return 'url' in link ? link : { sentence: CALLING.noLink(link.refused) };
  } catch (error) {
    log.warn({ err: error, conversation: conversationId }, 'no join link');
    return { sentence: CALLING.linkFailed(toAppError(error).userMessage) };
  }
};
