import { ACTIONS } from '../../blocks/actions.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "Transcribe this link" under Parley's answer to a mention. */
export const register = (app: Registry, { requests, tell }: ListenerDeps): void => {
  app.action(ACTIONS.transcribeLink, async (args) => {
    await args.ack();
    const { thread, ear, value: url, postedIn } = parseClick(args);
    await tell.answer(ear, () =>
      requests.linkGiven({ thread, postedIn, by: ear.memberId, url, origin: `link:${postedIn}:${url}` }),
    );
  });
};
