import { VIEWS } from '../../blocks/actions.ts';
import { CALL_SETTINGS_FIELDS, readCallSettings } from '../../blocks/call-settings.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { CALL_SETTINGS } from '../../sentences/settings.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { saveInTime } from './save.ts';

/** "Save" in the dialog for a workspace's call settings. Permission is checked again. */
export const register = (app: Registry, { requests, clock, log }: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.callSettings }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { teamId } = IncomingContext.parse(context);
    const read = readCallSettings(view.state.values);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const response = await saveInTime(
      { clock, log },
      {
        title: CALL_SETTINGS.title,
        field: CALL_SETTINGS_FIELDS.notice,
        save: async () => {
          const outcome = await requests.saveCallSettings(teamId, user.id, read.settings);
          return outcome.outcome === 'accepted' ? null : outcome.sentence;
        },
      },
    );
    await ack(response);
  });
};
