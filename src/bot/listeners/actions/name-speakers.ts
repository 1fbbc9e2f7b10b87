import { ACTIONS } from '../../blocks/actions.ts';
import { buildNameSpeakers } from '../../blocks/name-speakers.ts';
import { NAME_SPEAKERS } from '../../sentences/results.ts';
import { openView } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { parseClick } from './click.ts';

/** "Name speakers" under a result: opens the dialog, within the 3 s for which a click may open one. */
export const register = (app: Registry, { requests, api, replies }: ListenerDeps): void => {
  app.action(ACTIONS.nameSpeakers, async (args) => {
    await args.ack();
    const { conversationId, recipient, thread, triggerId } = parseClick(args);
    await replies.sendOutcome(recipient, async () => {
      const voices = await requests.voices(conversationId);
      if (voices === null || voices.voices.length === 0) {
        return { outcome: 'refused', sentence: NAME_SPEAKERS.noSpeakers };
      }
      const origin = { conversationId, channelId: thread.channelId, rootId: thread.rootId };
      await openView(api, triggerId, buildNameSpeakers(voices, origin));
      return null;
    });
  });
};
