import type { ModalView } from '@slack/types';
import { toAppError } from '../../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../../core/ids.ts';
import { VIEWS } from '../../blocks/actions.ts';
import { buildCallPlanView, orderOf } from '../../blocks/call-plan.ts';
import { buildNotice } from '../../blocks/notice.ts';
import { START_CALL_FIELDS as FIELDS, readStartCall, type WantedCall } from '../../blocks/start-call.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { START_CALL } from '../../sentences/calls.ts';
import { updateView, withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { planCall } from '../start-call.ts';

/**
 * "Next" in the dialog to start a call: its content becomes the confirmation, as after `/call`; a refusal is shown at its
 * field. When that takes too long for Slack, the dialog says so and is updated once it is known.
 */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.startCall }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { teamId } = IncomingContext.parse(context);
    const read = readStartCall(view.state.values);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });

    const planning = confirm(deps, read.wanted, {
      workspaceId: teamId,
      by: user.id,
      origin: `view:${view.id}`,
    });
    const planned = await withinDeadline(deps.clock, planning);
    if (planned === null) {
      await ack({ response_action: 'update', view: buildNotice(START_CALL.title, START_CALL.lookingUp) });
      const late = await planning;
      const next = 'view' in late ? late.view : buildNotice(START_CALL.title, late.sentence);
      await updateView(deps.api, view.id, next).catch((error: unknown) =>
        deps.log.warn({ err: error }, 'dialog closed before its update'),
      );
    } else if ('view' in planned) {
      await ack({ response_action: 'update', view: planned.view });
    } else {
      await ack({ response_action: 'errors', errors: { [planned.field]: planned.sentence } });
    }
  });
};

type Planned = { readonly view: ModalView } | { readonly field: string; readonly sentence: string };

/** Never rejects: a fault is shown at the field, since the dialog can be submitted again. */
const confirm = async (
  deps: ListenerDeps,
  { channelId, to, text, about }: WantedCall,
  { workspaceId, by, origin }: { workspaceId: WorkspaceId; by: MemberId; origin: string },
): Promise<Planned> => {
  const target = to === null ? FIELDS.number : FIELDS.teammate;
  try {
    const plan = await planCall(deps, { workspaceId, channelId, by, to, text });
    if ('refused' in plan) {
      return { field: plan.because === 'channel' ? FIELDS.channel : target, sentence: plan.refused };
    }
    const order = orderOf({ ...plan, title: about || plan.title }, origin);
    return { view: buildCallPlanView(plan, order, channelId) };
  } catch (error) {
    deps.log.warn({ err: error }, 'call not planned');
    return { field: target, sentence: toAppError(error).userMessage };
  }
};
