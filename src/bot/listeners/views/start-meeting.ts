import { toAppError } from '../../../core/error.ts';
import type { RequestOutcome } from '../../../core/ports.ts';
import { VIEWS } from '../../blocks/actions.ts';
import { FIELDS, readStartMeeting } from '../../blocks/start-meeting.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { CHANNEL_FIELD } from '../../sentences/common.ts';
import { withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { startMeeting } from '../start-meeting.ts';

/**
 * "Start" in the dialog. A refusal is shown at the field; when that takes too long for Slack, the dialog closes and the
 * refusal is an ephemeral message in the channel.
 */
export const register = (app: Registry, deps: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.startMeeting }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { teamId } = IncomingContext.parse(context);
    const { title, channelId } = readStartMeeting(view.state.values);
    const refuse = (sentence: string) =>
      ack({ response_action: 'errors', errors: { [FIELDS.channel]: sentence } });
    if (channelId === null) return refuse(CHANNEL_FIELD.missing);

    const request = { workspaceId: teamId, channelId, by: user.id, title, origin: `view:${view.id}` };
    const opening = startMeeting(deps, request).catch((error: unknown): RequestOutcome => {
      deps.log.warn({ err: error, channel: channelId }, 'meeting not opened');
      return { outcome: 'refused', sentence: toAppError(error).userMessage };
    });
    const outcome = await withinDeadline(deps.clock, opening);
    if (outcome === null) {
      await ack();
      await deps.replies.sendOutcome({ channelId, rootId: null, memberId: user.id }, () => opening);
    } else if (outcome.outcome === 'refused') {
      await refuse(outcome.sentence);
    } else {
      await ack();
    }
  });
};
