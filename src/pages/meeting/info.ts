import { browserHeaders } from './browser-key.ts';
import type { Info } from './state.ts';

export interface Link {
  readonly infoUrl: string;
  readonly socketUrl: string;
  /** Where one's connection can be tested. */
  readonly connectionUrl: string;
}

/** What belongs to the link at which the page stands: `https://host/meet/TOKEN`. */
export const linkOf = (href: string): Link => {
  const here = new URL(href);
  const path = here.pathname.replace(/\/+$/, '');
  const socket = new URL(`${path}/socket`, here);
  socket.protocol = here.protocol === 'http:' ? 'ws:' : 'wss:';
  const at = (part: string): string => new URL(`${path}/${part}`, here).href;
  return { infoUrl: at('info'), socketUrl: socket.href, connectionUrl: at('connection') };
};

const UNREADABLE = 'This link does not lead to a meeting. Ask for a new one with the Join button in Slack.';

/**
 * Asks what the link leads to, and so takes it for this browser. A link that the server refuses comes back as closed, with a sentence.
 * @throws when the server cannot be reached or is in trouble itself
 */
export const fetchInfo = async (
  url: string,
  browser: string,
  fetcher: typeof fetch = fetch,
): Promise<Info> => {
  const headers = { accept: 'application/json', ...browserHeaders(browser) };
  const response = await fetcher(url, { cache: 'no-store', headers });
  if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
  const said: unknown = await response.json().catch(() => null);
  const { title, name, host, startedAtMs, closed } = (said ?? {}) as Partial<Info>;
  const reason = typeof closed === 'string' ? closed : null;
  return {
    title: typeof title === 'string' ? title : 'Meeting',
    name: typeof name === 'string' ? name : '',
    host: host === true,
    startedAtMs: typeof startedAtMs === 'number' ? startedAtMs : 0,
    closed: reason ?? (response.ok && typeof name === 'string' ? null : UNREADABLE),
  };
};
