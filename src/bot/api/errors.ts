import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { AppError, type ErrorCode } from '../../core/error.ts';
import type { Method } from './methods.ts';

/**
 * A call that Slack, or the way to it, refused. `slackCode` is Slack's own word for it, for the places in this
 * folder that must tell two refusals apart; everybody else follows `code` and `retryable`.
 */
export class SlackRefusal extends AppError {
  readonly slackCode: string;
  constructor(slackCode: string, options: ConstructorParameters<typeof AppError>[0]) {
    super(options);
    this.slackCode = slackCode;
  }
}

interface Meaning {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly userMessage: string;
}
const final = (code: ErrorCode, userMessage: string): Meaning => ({ code, retryable: false, userMessage });
const transient = (userMessage: string): Meaning => ({ code: 'chat-failed', retryable: true, userMessage });

const NOT_IN_CHANNEL = final(
  'not-in-channel',
  'Parley is not in this channel. Please invite it with “/invite @Parley”, then ask again.',
);
const ARCHIVED = final(
  'channel-archived',
  'This channel is archived, so Parley cannot answer in it. Please use another one.',
);
const MESSAGE_GONE = final(
  'recording-gone',
  'The message in Slack is gone, so Parley has nowhere to answer. Please post the recording again.',
);
const FILE_GONE = final(
  'recording-gone',
  'The file has been deleted from Slack, or is no longer shared with Parley. Please post it again.',
);
const NO_FILE_ACCESS = final(
  'no-file-access',
  'Slack does not let Parley read this file. Please post it in a channel that Parley is in.',
);
// A wrong token is put right by an administrator, and what people asked for meanwhile should still happen.
const BAD_TOKEN = transient('Slack does not accept Parley’s token. Whoever runs Parley has to renew it.');
const SLACK_TROUBLE = transient('Slack has trouble at the moment.');
const RESTRICTED = final(
  'chat-failed',
  'This channel does not let Parley post. Please ask an administrator, or use another channel.',
);

const TOO_SLOW = final('chat-failed', 'That took too long to open. Please click again.');

/** Slack's words, by what they mean here. What is not listed is final: the same request meets the same answer. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  not_in_channel: NOT_IN_CHANNEL,
  channel_not_found: NOT_IN_CHANNEL,
  user_not_in_channel: NOT_IN_CHANNEL,
  is_archived: ARCHIVED,
  // What an edit there is refused with.
  is_inactive: ARCHIVED,
  message_not_found: MESSAGE_GONE,
  thread_not_found: MESSAGE_GONE,
  cannot_reply_to_message: MESSAGE_GONE,
  file_not_found: FILE_GONE,
  file_deleted: FILE_GONE,
  access_denied: NO_FILE_ACCESS,
  restricted_action: RESTRICTED,
  restricted_action_read_only_channel: RESTRICTED,
  restricted_action_thread_only_channel: RESTRICTED,
  restricted_action_non_threadable_channel: RESTRICTED,
  expired_trigger_id: TOO_SLOW,
  trigger_expired: TOO_SLOW,
  not_authed: BAD_TOKEN,
  invalid_auth: BAD_TOKEN,
  account_inactive: BAD_TOKEN,
  token_revoked: BAD_TOKEN,
  token_expired: BAD_TOKEN,
  internal_error: SLACK_TROUBLE,
  fatal_error: SLACK_TROUBLE,
  service_unavailable: SLACK_TROUBLE,
  request_timeout: SLACK_TROUBLE,
  team_added_to_org: SLACK_TROUBLE,
};

/** Slack's words for "nobody is let in with this token", on which waiting is no use at start-up. */
export const TOKEN_REFUSED: ReadonlySet<string> = new Set(
  Object.entries(MEANINGS).flatMap(([word, meaning]) => (meaning === BAD_TOKEN ? [word] : [])),
);

/** Anything that a call through `@slack/web-api` can throw, as the product's own error. */
export const toSlackRefusal = (method: Method, error: unknown): SlackRefusal => {
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter, error);
  if (error instanceof WebAPIPlatformError) return fromPlatform(method, error);
  if (error instanceof WebAPIHTTPError) {
    const passes = error.statusCode >= 500 || error.statusCode === 408;
    return new SlackRefusal(`http_${error.statusCode}`, {
      ...(passes
        ? SLACK_TROUBLE
        : final('chat-failed', 'Slack refused what Parley sent. Please tell whoever runs Parley.')),
      cause: error,
    });
  }
  if (error instanceof WebAPIRequestError) {
    return new SlackRefusal('unreachable', {
      ...transient('Parley cannot reach Slack at the moment.'),
      cause: error,
    });
  }
  // A 429 without a usable Retry-After, or an answer cut off half way, arrives as a plain Error.
  return new SlackRefusal('unknown', { ...SLACK_TROUBLE, cause: error });
};

const rateLimited = (retryAfterSec: number, cause: unknown): SlackRefusal =>
  new SlackRefusal('ratelimited', {
    ...transient('Slack asks Parley to slow down.'),
    retryAfterMs: retryAfterSec * 1000,
    cause,
  });

const fromPlatform = (method: Method, error: WebAPIPlatformError): SlackRefusal => {
  const { error: word, response_metadata: metadata } = error.data;
  if (word === 'ratelimited' || word === 'rate_limited') return rateLimited(metadata?.retryAfter ?? 1, error);
  if (word === 'missing_scope') {
    const needed = 'needed' in error.data ? ` (${String(error.data.needed).slice(0, 80)})` : '';
    return new SlackRefusal(word, {
      ...final(
        method.startsWith('files.') ? 'no-file-access' : 'chat-failed',
        `Parley lacks a permission in Slack${needed}. Please ask an administrator to reinstall the app with it.`,
      ),
      cause: error,
    });
  }
  const meaning =
    MEANINGS[word] ??
    final('chat-failed', 'Slack refused what Parley wanted to do here. Please tell whoever runs Parley.');
  return new SlackRefusal(word.slice(0, 80), { ...meaning, cause: error });
};
