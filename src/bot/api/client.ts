import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../../core/ports.ts';

/** A call that takes longer than this is given up; Slack's slowest answers take a few seconds. */
const TIMEOUT_MS = 10_000;

export const DEFAULT_API_URL = 'https://slack.com/api';

/**
 * Options for one `WebClient`, fresh at every call: the SDK writes its token and its retries into the object it
 * is given, so two clients that share one send each other's. Retrying is `Api`'s business, because the SDK's ten
 * retries over half an hour would also repeat a message whose answer was lost, and a 429 would pause every call.
 */
export const clientOptions = (apiUrl: string, log: Log): WebClientOptions => ({
  slackApiUrl: apiUrl,
  timeout: TIMEOUT_MS,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  logger: createSlackLogger(log),
});

export const createClient = (token: string, apiUrl: string, log: Log): WebClient =>
  new WebClient(token, clientOptions(apiUrl, log));

/**
 * The SDK's own log lines, without what people wrote: at `debug` it prints whole requests and payloads, so that
 * level is never on, and of the rest only the beginning of the text is kept.
 */
export const createSlackLogger = (log: Log): Logger => {
  const line = (parts: unknown[]): string =>
    parts
      .filter((part) => typeof part === 'string')
      .join(' ')
      .replace(/\?\S+/g, '?…')
      .slice(0, 200);
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ said: line(parts) }, 'warning from the Slack SDK'),
    error: (...parts) => log.warn({ said: line(parts) }, 'error from the Slack SDK'),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
};
