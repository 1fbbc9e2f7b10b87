import { AppError, type ErrorCode } from '../../core/error.ts';
import { SLACK_ERRORS } from '../sentences/errors.ts';
import { POLICIES, type PolicySentence } from '../sentences/policy.ts';

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
  readonly adminMessage?: string;
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
const TOO_SLOW = permanent('chat-failed', SLACK_ERRORS.tooSlow);
const UNKNOWN_PERSON = permanent('chat-failed', SLACK_ERRORS.unknownPerson);
const EDIT_REFUSED = permanent('edit-refused', SLACK_ERRORS.edit);
const FORM_REFUSED = permanent('chat-failed', SLACK_ERRORS.form);

const byPolicy = ({ member, admin }: PolicySentence, code: ErrorCode = 'chat-failed'): Mapping => ({
  ...permanent(code, member),
  adminMessage: admin,
});
const CONNECTED = byPolicy(POLICIES.connected, 'file-refused');
const POSTING = byPolicy(POLICIES.posting);
const NOT_ALLOWED = byPolicy(POLICIES.notAllowed);
const NOT_APPROVED = byPolicy(POLICIES.notApproved);
const SIGN_IN = byPolicy(POLICIES.signIn);
const FILE_TYPE = byPolicy(POLICIES.fileType, 'file-refused');

/** Slack's error codes in the product's terms. What is not listed is permanent: the same request fails the same way. */
const MAPPINGS: Readonly<Record<string, Mapping>> = {
  not_in_channel: NOT_IN_CHANNEL,
  channel_not_found: NOT_IN_CHANNEL,
  user_not_in_channel: NOT_IN_CHANNEL,
  invalid_channel: NOT_IN_CHANNEL,
  channel_is_limited_access: NOT_IN_CHANNEL,
  is_archived: ARCHIVED,
  // What an edit there is refused with.
  is_inactive: ARCHIVED,
  message_not_found: MESSAGE_GONE,
  thread_not_found: MESSAGE_GONE,
  cannot_reply_to_message: MESSAGE_GONE,
  file_not_found: FILE_GONE,
  file_deleted: permanent('recording-deleted', SLACK_ERRORS.fileGone),
  access_denied: NO_FILE_ACCESS,
  not_visible: NO_FILE_ACCESS,
  user_not_found: UNKNOWN_PERSON,
  user_not_visible: UNKNOWN_PERSON,
  expired_trigger_id: TOO_SLOW,
  trigger_expired: TOO_SLOW,
  exchanged_trigger_id: TOO_SLOW,
  invalid_trigger_id: TOO_SLOW,
  // A dialog that was closed or changed meanwhile.
  not_found: TOO_SLOW,
  hash_conflict: TOO_SLOW,
  file_uploads_disabled: byPolicy(POLICIES.uploadsOff, 'file-refused'),
  file_uploads_except_images_disabled: byPolicy(POLICIES.imagesOnly, 'file-refused'),
  file_type_not_allowed: FILE_TYPE,
  blocked_file_type: FILE_TYPE,
  file_upload_size_restricted: byPolicy(POLICIES.fileSize, 'file-refused'),
  storage_limit_reached: byPolicy(POLICIES.storageFull, 'file-refused'),
  posting_to_channel_denied: byPolicy(POLICIES.posting, 'file-refused'),
  slack_connect_blocked_file_type: CONNECTED,
  slack_connect_canvas_sharing_blocked: CONNECTED,
  slack_connect_clip_sharing_blocked: CONNECTED,
  slack_connect_file_link_sharing_blocked: CONNECTED,
  slack_connect_file_upload_sharing_blocked: CONNECTED,
  slack_connect_lists_sharing_blocked: CONNECTED,
  restricted_action: POSTING,
  restricted_action_read_only_channel: byPolicy(POLICIES.readOnly),
  restricted_action_thread_only_channel: byPolicy(POLICIES.threadOnly),
  restricted_action_non_threadable_channel: byPolicy(POLICIES.noThreads),
  restricted_action_thread_locked: byPolicy(POLICIES.locked),
  ekm_access_denied: byPolicy(POLICIES.suspended),
  message_limit_exceeded: byPolicy(POLICIES.limitReached),
  messages_tab_disabled: byPolicy(POLICIES.noDirectMessages),
  no_permission: NOT_ALLOWED,
  enterprise_is_restricted: NOT_ALLOWED,
  file_deleting_disabled: NOT_ALLOWED,
  delete_not_allowed: NOT_ALLOWED,
  cant_delete_file: NOT_ALLOWED,
  cant_delete_message: NOT_ALLOWED,
  app_access_restricted: NOT_APPROVED,
  team_access_not_granted: NOT_APPROVED,
  forbidden_team: NOT_APPROVED,
  accesslimited: SIGN_IN,
  org_login_required: SIGN_IN,
  two_factor_setup_required: SIGN_IN,
  block_mismatch: EDIT_REFUSED,
  edit_window_closed: EDIT_REFUSED,
  cant_update_message: EDIT_REFUSED,
  streaming_state_conflict: EDIT_REFUSED,
  // May pass, and if it does not, the message is one that can't be changed.
  update_failed: { ...EDIT_REFUSED, retryable: true },
  invalid_blocks: FORM_REFUSED,
  invalid_blocks_format: FORM_REFUSED,
  invalid_attachments: FORM_REFUSED,
  attachment_payload_limit_exceeded: FORM_REFUSED,
  too_many_attachments: FORM_REFUSED,
  msg_blocks_too_long: FORM_REFUSED,
  msg_too_long: FORM_REFUSED,
  no_text: FORM_REFUSED,
  markdown_text_conflict: FORM_REFUSED,
  invalid_metadata_format: FORM_REFUSED,
  invalid_metadata_schema: FORM_REFUSED,
  metadata_too_large: FORM_REFUSED,
  metadata_must_be_sent_from_app: FORM_REFUSED,
  view_too_large: FORM_REFUSED,
  missing_file_data: FORM_REFUSED,
  file_is_deleted: FORM_REFUSED,
  file_share_limit_reached: FORM_REFUSED,
  max_file_sharing_exceeded: FORM_REFUSED,
  unable_to_share_files: FORM_REFUSED,
  alt_txt_too_large: FORM_REFUSED,
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
  external_channel_migrating: SLACK_TROUBLE,
  file_update_failed: SLACK_TROUBLE,
};

/** What a message with a picture may be refused with because of it; by themselves, these are about files. */
const OF_PICTURES: ReadonlySet<string> = new Set(['file_not_found', 'file_deleted', 'invalid_arguments']);

/** Whether a message was refused for what it consists of, so that a simpler one may be taken. */
export const isRefusedForm = ({ slackCode }: SlackRefusal): boolean =>
  MAPPINGS[slackCode] === FORM_REFUSED ||
  MAPPINGS[slackCode]?.code === 'file-refused' ||
  OF_PICTURES.has(slackCode);

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
