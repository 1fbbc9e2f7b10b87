import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "Transcribe this link" under Parley's reply to a mention. */
export const register = (app: Registry, { requests, replies }: ListenerDeps): void => {
  app.action(ACTIONS.transcribeLink, async (args) => {
    await args.ack();
    const { thread, recipient, value: url, postedIn } = parseClick(args);
    await replies.sendOutcome(recipient, () =>
      requests.transcribeLink({
        thread,
        postedIn,
        by: recipient.memberId,
        url,
        origin: `link:${postedIn}:${url}`,
      }),
    );
  });
};
