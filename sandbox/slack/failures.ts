/** What can go wrong on purpose. Each is something the real Slack, or the way to it, does now and then. */
export const SLACK_FAILURES = {
  'rate-limit-posts': 'chat.postMessage and chat.update answer 429 with Retry-After: 1',
  'rate-limit-history': 'conversations.history and .replies allow one call a minute, as for unlisted apps',
  'api-500': 'every Web API call answers HTTP 500',
  'api-error': 'every Web API call answers ok: false with internal_error',
  'api-hang': 'Web API calls are taken and never answered',
  'lost-responses':
    'chat.postMessage, chat.update and files.completeUploadExternal do their work, then the connection drops without an answer',
  'slow-downloads': 'files are sent at 64 KiB a second',
  'truncated-downloads': 'a download breaks off half way',
  'download-login-page': 'downloads answer 200 with an HTML login page, whatever the token',
  'files-deleted-after-post': 'files that people post are deleted as soon as the message is out',
  'missing-files-scope': 'the token lacks files:read: missing_scope, and downloads lead to the login page',
  'slack-connect-files':
    'files in events are Slack Connect stubs (file_access: check_file_info) without name or address',
  'bot-not-in-channel': 'the Web API answers not_in_channel in every channel, as after the bot was removed',
  'duplicate-events': 'every event is delivered twice, with the same event_id',
  'unacked-events': 'the first acknowledgement of an event gets lost, so that Slack sends it again',
  'socket-disconnects':
    'Socket Mode connections break without a word, at once and then three seconds after each connect',
  'slow-file-processing':
    'an uploaded file takes five seconds, instead of a moment, until its mimetype is set',
} as const;

export type SlackFailure = keyof typeof SLACK_FAILURES;
