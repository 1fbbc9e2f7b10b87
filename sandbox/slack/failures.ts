/** Failure modes: each is something that the real Slack, or the network in between, does now and then. */
export const SLACK_FAILURES = {
  'rate-limit-posts': 'chat.postMessage and chat.update answer 429 with Retry-After: 1',
  'rate-limit-history':
    'conversations.history and conversations.replies allow one call a minute, as for unlisted apps',
  'api-500': 'every Web API call answers HTTP 500',
  'api-error': 'every Web API call answers ok: false with internal_error',
  'api-hang': 'Web API calls are never answered',
  'lost-responses':
    'chat.postMessage, chat.update and files.completeUploadExternal take effect, then the connection breaks without a response',
  'slow-downloads': 'files are sent at 64 KiB a second',
  'truncated-downloads': 'the connection breaks halfway through a download',
  'download-login-page': 'downloads answer 200 with an HTML login page, whatever the token',
  'files-deleted-after-post': 'files that people post are deleted right after the message is sent',
  'missing-files-scope':
    'the token lacks files:read: missing_scope, and downloads redirect to the login page',
  'slack-connect-files':
    'files in events are Slack Connect stubs (file_access: check_file_info) without a name or URL',
  'mentions-without-files':
    'app_mention events come without the files of their message, which stand in its text at best',
  'mentions-first': 'app_mention events are sent before the event of their message',
  'file-shared-only': 'files that people post bring only file_shared, as large ones do in group messages',
  'bot-not-in-channel': 'the Web API answers not_in_channel in every channel, as after the bot was removed',
  'duplicate-events': 'every event is delivered twice, with the same event_id',
  'unacked-events': 'the first acknowledgement of an event is lost, so Slack sends the event again',
  'socket-disconnects': 'Socket Mode connections break at once, and again three seconds after each connect',
  'no-blocks-validate': 'blocks.validate is unknown, as at Slack before August 2026',
  'slow-file-processing': 'the mimetype of an uploaded file is set after five seconds instead of a moment',
  'invalid-blocks': 'messages with blocks are refused with invalid_blocks',
  'edits-refused': 'chat.update answers edit_window_closed, as in a workspace without edits',
  'uploads-off': 'the workspace allows no file uploads: file_uploads_disabled',
  'uploads-images-only': 'the workspace allows uploads of images only: file_uploads_except_images_disabled',
} as const;

export type SlackFailure = keyof typeof SLACK_FAILURES;
