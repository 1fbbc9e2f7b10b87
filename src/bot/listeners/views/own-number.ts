import { VIEWS } from '../../blocks/actions.ts';
import { OWN_NUMBER_FIELD, readOwnNumber } from '../../blocks/own-number.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { OWN_NUMBER } from '../../sentences/settings.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { saveInTime } from './save.ts';

/** "Save" in the dialog for one's own number. A refusal is shown at the field. */
export const register = (app: Registry, { requests, chat, clock, log }: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.ownNumber }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { teamId } = IncomingContext.parse(context);
    const number = readOwnNumber(view.state.values);
    const response = await saveInTime(
      { clock, log },
      {
        title: OWN_NUMBER.title,
        field: OWN_NUMBER_FIELD,
        save: async () => {
          const saved = await requests.saveOwnNumber(teamId, user.id, number);
          return 'refused' in saved ? saved.refused : null;
        },
      },
    );
    await ack(response);
    await chat.refreshHome(teamId, user.id);
  });
};
