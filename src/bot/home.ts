import type { Thread } from '../core/ids.ts';
import type { Chat, Log, Requests } from '../core/ports.ts';
import { type Api, Done } from './api/api.ts';
import { buildHome, HOME_ENTRIES_MAX, type HomeEntry } from './blocks/home.ts';
import type { CommandNames } from './commands.ts';

/** Publishes App Homes. `requests` is null until the bot has started. */
export const createHome = (parts: {
  api: Api;
  commands: CommandNames;
  requests: () => Requests | null;
  permalink: Chat['permalink'];
  log: Log;
}): Pick<Chat, 'refreshHome'> => {
  /** A meeting or a call has no thread before its card is posted. */
  const permalinkTo = (thread: Thread | null): Promise<string | null> =>
    thread === null ? Promise.resolve(null) : parts.permalink(thread);

  return {
    async refreshHome(workspaceId, memberId) {
      const requests = parts.requests();
      if (requests === null) return;
      try {
        const [conversations, ownNumber, settings, unavailable] = await Promise.all([
          requests.recentConversations(workspaceId, memberId),
          requests.ownNumber(workspaceId, memberId),
          requests.callSettings(workspaceId, memberId),
          requests.callUnavailableReason(workspaceId, memberId),
        ]);
        const entries = await Promise.all(
          conversations.slice(0, HOME_ENTRIES_MAX).map(
            async (conversation): Promise<HomeEntry> => ({
              conversation,
              permalink: await permalinkTo(conversation.thread),
            }),
          ),
        );
        const mayChangeSettings = !('refused' in settings);
        const view = buildHome({
          commands: parts.commands,
          entries,
          ownNumber,
          mayCall: unavailable === null,
          mayChangeSettings,
        });
        await parts.api.call('views.publish', { user_id: memberId, view }, Done, { lowPriority: true });
      } catch (error) {
        parts.log.warn({ err: error }, 'App Home not updated');
      }
    },
  };
};
