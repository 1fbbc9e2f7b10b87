import { z } from 'zod';
import type { Thread } from '../core/ids.ts';
import type { Chat, Log, Requests, WallClock } from '../core/ports.ts';
import { type Api, Done } from './api/api.ts';
import { buildHome, HOME_ENTRIES_MAX, type HomeEntry } from './blocks/home.ts';
import { createCache } from './cache.ts';
import type { CommandNames } from './commands.ts';

const PERMALINKS_KEPT = 2_000;
/** A permalink never changes; this only drops those that are no longer looked at. */
const PERMALINK_KEPT_MS = 24 * 60 * 60_000;

const Permalink = z.object({ permalink: z.url() });

/** Publishes App Homes. `requests` is null until the bot has started. */
export const createHome = (parts: {
  api: Api;
  commands: CommandNames;
  requests: () => Requests | null;
  clock: WallClock;
  log: Log;
}): Pick<Chat, 'refreshHome'> => {
  const permalinks = createCache<string>({
    max: PERMALINKS_KEPT,
    ttlMs: PERMALINK_KEPT_MS,
    clock: parts.clock,
  });

  const permalinkOf = async (channel: string, message_ts: string): Promise<string | null> => {
    const key = `${channel}/${message_ts}`;
    const known = permalinks.get(key);
    if (known !== undefined) return known;
    try {
      const { permalink } = await parts.api.call('chat.getPermalink', { channel, message_ts }, Permalink);
      permalinks.set(key, permalink);
      return permalink;
    } catch {
      // A deleted root, or a channel Parley has left: the entry stands without its link.
      return null;
    }
  };

  /** A meeting or a call has no thread before its card is posted. */
  const permalinkTo = (thread: Thread | null): Promise<string | null> =>
    thread === null ? Promise.resolve(null) : permalinkOf(thread.channelId, thread.rootId);

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
