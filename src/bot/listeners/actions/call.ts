import { setTimeout as delay } from 'node:timers/promises';
import { toAppError } from '../../../core/error.ts';
import type { ConversationId, MemberId, WorkspaceId } from '../../../core/ids.ts';
import { ACTIONS } from '../../blocks/actions.ts';
import { parseCallOrder } from '../../blocks/call-plan.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick, parseViewClick } from './click.ts';
import { type ConfirmationClick, confirmationOf } from './confirmation.ts';

/** How often it is asked whether the call can be joined. Its card is posted within a second as a rule. */
const ASK_AGAIN_MS = 250;
/** Then the caller is told to use the card. */
const ASK_TIMES = 40;

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
    const { conversationId, workspaceId, ear } = parseClick(args);
    // Not in the thread of the card, which nobody has open who sees the card.
    await deps.tell.answer({ ...ear, rootId: null }, () =>
      deps.requests.hangUp(conversationId, workspaceId, ear.memberId),
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
      await leadIn(
        () => wayInto(deps, placed.conversationId, workspaceId, by),
        (link) => confirmation.calling(order, { from, link }),
      );
    }
  } catch (error) {
    deps.log.warn({ err: error, channel: channelId }, 'a call could not be placed');
    await confirmation.failed(order, from, toAppError(error).userMessage);
  }
};

/** A link of one's own into the call, or why there is none yet. */
type WayIn = { readonly url: string } | { readonly sentence: string };

/** Asks until there is a way in, since the call may be answered within seconds; meanwhile says that it follows. */
const leadIn = async (
  ask: () => Promise<WayIn>,
  show: (way: WayIn | null) => Promise<void>,
): Promise<void> => {
  let way = await ask();
  if ('sentence' in way) await show(null);
  for (let asked = 1; 'sentence' in way && asked < ASK_TIMES; asked += 1) {
    await delay(ASK_AGAIN_MS);
    way = await ask();
  }
  await show(way);
};

const wayInto = async (
  { requests, log }: ListenerDeps,
  conversationId: ConversationId,
  workspaceId: WorkspaceId,
  by: MemberId,
): Promise<WayIn> => {
  try {
    const link = await requests.meetingLink(conversationId, workspaceId, by);
    return 'url' in link ? link : { sentence: `${link.refused} The call’s card shows how it goes.` };
  } catch (error) {
    log.warn({ err: error, conversation: conversationId }, 'no link into a call could be had');
    return { sentence: `${toAppError(error).userMessage} Or click “Join” on the call’s card.` };
  }
};
