import type { ModalView } from '@slack/types';
import { toAppError } from '../../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../../core/ids.ts';
import { VIEWS } from '../../blocks/actions.ts';
import { buildCallPlanView, CALL_TITLE, orderOf } from '../../blocks/call-plan.ts';
import { buildNotice } from '../../blocks/notice.ts';
import { START_CALL_FIELDS as FIELDS, readStartCall, type WantedCall } from '../../blocks/start-call.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { updateView, withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { planCall } from '../start-call.ts';

const ONE_MOMENT = 'One moment: Parley looks up whom you want to call.';

/**
 * "Next" in the dialogue about a call: what would ring is shown in its place, as `/call` shows it, and what is in the way
 * at its field. When that takes too long, the dialogue says so and shows it once it is known.
 */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.startCall }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { teamId } = IncomingContext.parse(context);
    const read = readStartCall(view.state.values);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });

    const asking = confirm(deps, read.wanted, {
      workspaceId: teamId,
      by: user.id,
      origin: `view:${view.id}`,
    });
    const answer = await withinDeadline(asking);
    if (answer === null) {
      await ack({ response_action: 'update', view: buildNotice(CALL_TITLE, ONE_MOMENT) });
      const late = await asking;
      const next = 'view' in late ? late.view : buildNotice(CALL_TITLE, late.sentence);
      await updateView(deps.api, view.id, next).catch((error: unknown) =>
        deps.log.warn({ err: error }, 'a dialogue was closed before it could be answered'),
      );
    } else if ('view' in answer) {
      await ack({ response_action: 'update', view: answer.view });
    } else {
      await ack({ response_action: 'errors', errors: { [answer.field]: answer.sentence } });
    }
  });
};

type Answer = { readonly view: ModalView } | { readonly field: string; readonly sentence: string };

/** Never rejects: a fault is a sentence at the field, since the dialogue can be submitted again. */
const confirm = async (
  deps: ListenerDeps,
  { channelId, to, text, about }: WantedCall,
  { workspaceId, by, origin }: { workspaceId: WorkspaceId; by: MemberId; origin: string },
): Promise<Answer> => {
  const target = to === null ? FIELDS.number : FIELDS.colleague;
  try {
    const plan = await planCall(deps, { workspaceId, channelId, by, to, text });
    if ('refused' in plan) {
      return { field: plan.because === 'channel' ? FIELDS.channel : target, sentence: plan.refused };
    }
    const order = orderOf({ ...plan, title: about || plan.title }, origin);
    return { view: buildCallPlanView(plan, order, channelId) };
  } catch (error) {
    deps.log.warn({ err: error }, 'a call could not be planned');
    return { field: target, sentence: toAppError(error).userMessage };
  }
};
