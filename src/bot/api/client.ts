import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../../core/ports.ts';

/** Slack's slowest responses take a few seconds. */
const TIMEOUT_MS = 10_000;

export const DEFAULT_API_URL = 'https://slack.com/api';

/**
 * Options for one `WebClient`, new at every call: the SDK writes its token and its retries into the object it gets, so two
 * clients that share one would send each other's. `Api` retries instead: the SDK's ten retries over half an hour would
 * repeat a message whose response was lost, and a 429 would pause every call.
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
 * The SDK's own log messages, without what people wrote: at `debug` it prints whole requests and payloads, so that level
 * is never on, and of the rest only the beginning of the text is kept.
 */
export const createSlackLogger = (log: Log): Logger => {
  const textOf = (parts: unknown[]): string =>
    parts
      .filter((part) => typeof part === 'string')
      .join(' ')
      .replace(/\?\S+/g, '?…')
      .slice(0, 200);
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ text: textOf(parts) }, 'warning from the Slack SDK'),
    error: (...parts) => log.warn({ text: textOf(parts) }, 'error from the Slack SDK'),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
};
