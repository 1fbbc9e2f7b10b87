import { AppError, type ErrorCode } from '../../core/error.ts';
import { SLACK_ERRORS } from '../sentences/errors.ts';

/**
 * A call that Slack refused, or that did not reach it. `slackCode` is Slack's own error code, for the few places in
 * this folder that must distinguish two refusals; all others follow `code` and `retryable`.
 */
export class SlackRefusal extends AppError {
  readonly slackCode: string;
  constructor(slackCode: string, options: ConstructorParameters<typeof AppError>[0]) {
    super(options);
    this.slackCode = slackCode;
  }
}

interface Mapping {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly userMessage: string;
}
export const permanent = (code: ErrorCode, userMessage: string): Mapping => ({
  code,
  retryable: false,
  userMessage,
});
export const transient = (userMessage: string): Mapping => ({
  code: 'chat-failed',
  retryable: true,
  userMessage,
});

const NOT_IN_CHANNEL = permanent('not-in-channel', SLACK_ERRORS.notInChannel);
const ARCHIVED = permanent('channel-archived', SLACK_ERRORS.archived);
const MESSAGE_GONE = permanent('recording-gone', SLACK_ERRORS.messageGone);
const FILE_GONE = permanent('recording-gone', SLACK_ERRORS.fileGone);
const NO_FILE_ACCESS = permanent('no-file-access', SLACK_ERRORS.noFileAccess);
// An admin renews a wrong token, and what people requested meanwhile should still happen.
const BAD_TOKEN = transient(SLACK_ERRORS.badToken);
export const SLACK_TROUBLE = transient(SLACK_ERRORS.trouble);
const RESTRICTED = permanent('chat-failed', SLACK_ERRORS.restricted);
const TOO_SLOW = permanent('chat-failed', SLACK_ERRORS.tooSlow);

/** Slack's error codes in the product's terms. What is not listed is permanent: the same request fails the same way. */
const MAPPINGS: Readonly<Record<string, Mapping>> = {
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
  file_deleted: permanent('recording-deleted', SLACK_ERRORS.fileGone),
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

/** Slack's codes for a token that it does not accept, for which waiting is no use at start-up. */
export const TOKEN_REFUSED: ReadonlySet<string> = new Set(
  Object.entries(MAPPINGS).flatMap(([code, mapping]) => (mapping === BAD_TOKEN ? [code] : [])),
);

/** One of Slack's error codes as the product's own error. */
export const toRefusal = (slackCode: string, cause?: unknown): SlackRefusal => {
  const mapping = MAPPINGS[slackCode] ?? permanent('chat-failed', SLACK_ERRORS.refused);
  return new SlackRefusal(slackCode.slice(0, 80), { ...mapping, cause });
};

/** Slack asks for a pause of this length. */
export const rateLimited = (retryAfterSec: number, cause?: unknown): SlackRefusal =>
  new SlackRefusal('ratelimited', {
    ...transient(SLACK_ERRORS.slowDown),
    retryAfterMs: retryAfterSec * 1000,
    cause,
  });
