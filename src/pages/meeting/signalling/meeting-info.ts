import { UNKNOWN_LINK } from '../sentences.ts';
import type { MeetingInfo } from '../state/state.ts';
import { browserHeaders } from './browser-key.ts';

/** A network that swallows everything, as after a laptop woke up, must not hold up the next attempt. */
const TIMEOUT_MS = 5_000;

/**
 * Reads what the link leads to, which binds the link to this browser. A link that the server refuses comes back as
 * closed, with a sentence.
 * @throws when the server cannot be reached, answers too late, or answers 5xx
 */
export const fetchMeetingInfo = async (
  url: string,
  browser: string,
  fetcher: typeof fetch = fetch,
  timeoutMs = TIMEOUT_MS,
): Promise<MeetingInfo> => {
  const headers = { accept: 'application/json', ...browserHeaders(browser) };
  const response = await fetcher(url, { cache: 'no-store', headers, signal: AbortSignal.timeout(timeoutMs) });
  if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
  const body: unknown = await response.json().catch(() => null);
  const { kind, capture, title, name, host, threadUrl, startedAtMs, closed } = (body ??
    {}) as Partial<MeetingInfo>;
  const reason = typeof closed === 'string' ? closed : null;
  return {
    kind: kind === 'call' ? 'call' : 'meeting',
    // What refuses a link tells nothing about the meeting.
    capture: capture ?? { kind: 'meeting', recording: { name: 'none' }, captioned: false, kept: false },
    title: typeof title === 'string' ? title : 'Meeting',
    name: typeof name === 'string' ? name : '',
    host: host === true,
    threadUrl: typeof threadUrl === 'string' ? threadUrl : null,
    startedAtMs: typeof startedAtMs === 'number' ? startedAtMs : 0,
    closed: reason ?? (response.ok && typeof name === 'string' ? null : UNKNOWN_LINK),
  };
};
