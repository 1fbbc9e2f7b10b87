import type { ThreadRef } from '../workspace/state.ts';

/**
 * The thread of a link to a message of this workspace: `/archives/C…/p1795335957376000`, with `thread_ts` when the
 * message is a reply. Null for every other URL.
 */
export function parsePermalink(href: string, origin: string): ThreadRef | null {
  const url = URL.parse(href, origin);
  if (!url || url.origin !== origin) return null;
  const [, channel, seconds, fraction] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url.pathname) ?? [];
  if (!channel) return null;
  return { channel, ts: url.searchParams.get('thread_ts') ?? `${seconds}.${fraction}` };
}
