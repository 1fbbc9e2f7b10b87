/**
 * Every Web API method that Parley calls; `Api.call` takes no other. `scopes` are what the method needs, and a test
 * compares manifest.yml with them. `repeatable`: calling it twice does no more than calling it once, so that it may be
 * tried again after a lost response.
 * @see https://docs.slack.dev/reference/methods
 */
export const METHODS = {
  'auth.test': { scopes: [], repeatable: true },
  'chat.postMessage': { scopes: ['chat:write'], repeatable: false },
  'chat.update': { scopes: ['chat:write'], repeatable: true },
  'chat.delete': { scopes: ['chat:write'], repeatable: true },
  'chat.postEphemeral': { scopes: ['chat:write'], repeatable: false },
  'chat.getPermalink': { scopes: [], repeatable: true },
  'conversations.info': {
    scopes: ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
    repeatable: true,
  },
  'conversations.history': {
    scopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
    repeatable: true,
  },
  'conversations.replies': {
    scopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
    repeatable: true,
  },
  'files.info': { scopes: ['files:read'], repeatable: true },
  'files.getUploadURLExternal': { scopes: ['files:write'], repeatable: true },
  'files.completeUploadExternal': { scopes: ['files:write'], repeatable: false },
  'files.delete': { scopes: ['files:write'], repeatable: true },
  'users.info': { scopes: ['users:read'], repeatable: true },
  // For Parley's direct messages with one person only.
  'users.conversations': { scopes: ['im:read'], repeatable: true },
  'users.profile.get': { scopes: ['users.profile:read'], repeatable: true },
  // For checking on the first day what Slack takes.
  'blocks.validate': { scopes: [], repeatable: true },
  'views.open': { scopes: [], repeatable: false },
  'views.update': { scopes: [], repeatable: true },
  'views.publish': { scopes: [], repeatable: true },
} as const satisfies Record<string, { scopes: readonly string[]; repeatable: boolean }>;

export type Method = keyof typeof METHODS;

/** The scopes that an event subscription needs. `message` is one event to Bolt and four in the manifest. */
export const EVENT_SCOPES = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  file_deleted: ['files:read'],
  file_shared: ['files:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  'message.mpim': ['mpim:history'],
} as const satisfies Record<string, readonly string[]>;

/** The scope for slash commands and shortcuts. */
export const COMMANDS_SCOPE = 'commands';
