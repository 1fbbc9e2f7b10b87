import { expect, test } from 'vitest';
import { METHODS } from '../../src/bot/api/methods.ts';
import { toRefusal } from '../../src/bot/api/refusal.ts';
import { SLACK_ERRORS } from '../../src/bot/sentences/errors.ts';
import { SLACK_COMMON_ERRORS, SLACK_METHODS } from './slack-reference.ts';

const NEVER_SENT = 'Parley does not send what this is about';
const OUR_FAULT = 'a fault of Parley’s own: the same request fails again, and the admin is to be told';

/** Errors that keep the general sentence ("Slack refused this request"), each with the reason. */
const REVIEWED: Readonly<Record<string, string>> = {
  as_user_not_supported: NEVER_SENT,
  draft_already_deleted: NEVER_SENT,
  draft_already_sent: NEVER_SENT,
  draft_has_conflict: NEVER_SENT,
  draft_not_found: NEVER_SENT,
  duplicate_channel_not_found: NEVER_SENT,
  duplicate_message_not_found: NEVER_SENT,
  send_on_behalf_not_allowed: NEVER_SENT,
  team_not_found: NEVER_SENT,
  too_many_contact_cards: NEVER_SENT,
  cant_broadcast_message: NEVER_SENT,
  no_dual_broadcast_content_update: NEVER_SENT,
  channels_limit_exceeded: NEVER_SENT,
  snippet_too_large: NEVER_SENT,
  unknown_snippet_type: NEVER_SENT,
  unknown_subtype: NEVER_SENT,
  canvas_globally_disabled: NEVER_SENT,
  canvas_disabled_user_team: NEVER_SENT,
  canvas_disabled_file_team: NEVER_SENT,
  template_not_visible: NEVER_SENT,
  invalid_metadata_filter_keys: NEVER_SENT,
  invalid_ts_latest: NEVER_SENT,
  invalid_ts_oldest: NEVER_SENT,
  list_record_comment_fetch_failed: NEVER_SENT,
  duplicate_external_id: NEVER_SENT,
  too_many_users: NEVER_SENT,
  missing_argument: OUR_FAULT,
  missing_args: OUR_FAULT,
  missing_profile_id: OUR_FAULT,
  invalid_cursor: OUR_FAULT,
  invalid_limit: OUR_FAULT,
  invalid_types: OUR_FAULT,
  invalid_arguments: OUR_FAULT,
  invalid_arg_name: OUR_FAULT,
  invalid_array_arg: OUR_FAULT,
  invalid_charset: OUR_FAULT,
  invalid_form_data: OUR_FAULT,
  invalid_post_type: OUR_FAULT,
  missing_post_type: OUR_FAULT,
  insecure_request: OUR_FAULT,
  method_not_supported_for_channel_type: OUR_FAULT,
  deprecated_endpoint: 'the program is older than Slack: only an update helps',
  method_deprecated: 'the program is older than Slack: only an update helps',
  not_implemented: 'the App Home of this kind of person cannot be published: nothing is lost',
  not_enabled: 'the App Home is off in the app’s settings: nothing is lost',
  not_allowed_token_type: 'a token of the wrong kind, which the doctor names at start',
  invalid_message: 'only `npm run doctor -- --try` asks, and prints what Slack says',
  invalid_view: 'only `npm run doctor -- --try` asks, and prints what Slack says',
  // Given a meaning where the method's name is known, in errors.ts.
  missing_scope: 'errors.ts names the scope',
  ratelimited: 'errors.ts waits as long as Slack says',
  rate_limited: 'errors.ts waits as long as Slack says',
};

const documented = new Set([
  ...Object.keys(METHODS).flatMap((name) => Object.keys(SLACK_METHODS.get(name)!.errors)),
  ...Object.keys(SLACK_COMMON_ERRORS),
]);

test('every documented error means something to us, or is reviewed', () => {
  const meaningless = [...documented].filter((code) => toRefusal(code).userMessage === SLACK_ERRORS.refused);
  expect(meaningless.sort()).toEqual(
    Object.keys(REVIEWED)
      .filter((code) => documented.has(code))
      .sort(),
  );
});

test('the list of reviewed errors names none that Slack does not have', () => {
  const known = [...SLACK_METHODS.values()].flatMap(({ errors }) => Object.keys(errors));
  expect(Object.keys(REVIEWED).filter((code) => !documented.has(code) && !known.includes(code))).toEqual([]);
});

test.each([
  'file_uploads_disabled',
  'file_uploads_except_images_disabled',
  'file_type_not_allowed',
  'file_upload_size_restricted',
  'storage_limit_reached',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'posting_to_channel_denied',
  'no_permission',
  'team_access_not_granted',
  'app_access_restricted',
  'ekm_access_denied',
  'message_limit_exceeded',
  'messages_tab_disabled',
  'slack_connect_file_upload_sharing_blocked',
  'org_login_required',
])('the policy %s has a sentence for the person, and another for an admin', (code) => {
  const { userMessage, adminMessage, retryable } = toRefusal(code);
  expect(retryable).toBe(false);
  expect(adminMessage).toMatch(/\.$/);
  expect(adminMessage).not.toBe(userMessage);
  // Whoever is told to ask an admin is none.
  expect(adminMessage).not.toMatch(/ask a workspace admin/i);
});
