import { z } from 'zod';
import type { Chat, WallClock } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { createCache } from './cache.ts';

const PERMALINKS_KEPT = 2_000;
/** A permalink never changes; this only drops those that are no longer looked at. */
const PERMALINK_KEPT_MS = 24 * 60 * 60_000;

const Permalink = z.object({ permalink: z.url({ protocol: /^https?$/ }) });

/** Where threads are in Slack. */
export const createPermalinks = (parts: { api: Api; clock: WallClock }): Pick<Chat, 'permalink'> => {
  const permalinks = createCache<string>({
    max: PERMALINKS_KEPT,
    ttlMs: PERMALINK_KEPT_MS,
    clock: parts.clock,
  });
  return {
    async permalink({ channelId: channel, rootId: message_ts }) {
      const key = `${channel}/${message_ts}`;
      const known = permalinks.get(key);
      if (known !== undefined) return known;
      try {
        const { permalink } = await parts.api.call('chat.getPermalink', { channel, message_ts }, Permalink);
        permalinks.set(key, permalink);
        return permalink;
      } catch {
        // A deleted root, or a channel Parley has left.
        return null;
      }
    },
  };
};
