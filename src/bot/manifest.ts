import { COMMANDS_SCOPE, EVENT_SCOPES, METHODS } from './api/methods.ts';
import { SHORTCUTS } from './blocks/actions.ts';
import { type Commands, commandNames, type ShortCommand } from './commands.ts';
import { EXAMPLE_NUMBER } from './sentences/common.ts';
import { MANIFEST } from './sentences/manifest.ts';

/** How an installation differs from another. */
interface ManifestOptions {
  readonly commands: Commands;
  /** Where Slack sends what happens; null over Socket Mode. */
  readonly requestUrl: string | null;
}

/** The scopes of everything that Parley calls, hears and offers. */
export const REQUIRED_SCOPES: readonly string[] = [
  ...new Set<string>([
    ...Object.values(METHODS).flatMap(({ scopes }) => [...scopes]),
    ...Object.values(EVENT_SCOPES).flatMap((scopes) => [...scopes]),
    COMMANDS_SCOPE,
  ]),
].sort();

/**
 * What creates the app in Slack, as an object: "Create New App" > "From a manifest".
 * @see https://docs.slack.dev/reference/app-manifest
 */
export const buildManifest = ({ commands, requestUrl }: ManifestOptions) => ({
  _metadata: { major_version: 2 },
  display_information: {
    name: 'Parley',
    description: MANIFEST.description,
    long_description: MANIFEST.longDescription(commandNames(commands)),
    background_color: '#0072b2',
  },
  features: {
    app_home: {
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    },
    bot_user: { display_name: 'Parley', always_online: true },
    shortcuts: [
      { type: 'message', callback_id: SHORTCUTS.transcribe, ...MANIFEST.transcribe },
      { type: 'global', callback_id: SHORTCUTS.startMeeting, ...MANIFEST.startMeeting },
      { type: 'global', callback_id: SHORTCUTS.startCall, ...MANIFEST.startCall },
    ],
    slash_commands: slashCommands(commands, requestUrl),
  },
  oauth_config: { scopes: { bot: REQUIRED_SCOPES } },
  settings: {
    event_subscriptions: {
      ...(requestUrl === null ? {} : { request_url: requestUrl }),
      bot_events: Object.keys(EVENT_SCOPES).sort(),
    },
    interactivity: { is_enabled: true, ...(requestUrl === null ? {} : { request_url: requestUrl }) },
    org_deploy_enabled: false,
    socket_mode_enabled: requestUrl === null,
    token_rotation_enabled: false,
  },
});

const USAGE: Readonly<Record<ShortCommand, string>> = {
  call: `${EXAMPLE_NUMBER} or @teammate [topic]`,
  meet: '[topic]',
  transcribe: 'https://…',
};

const slashCommands = ({ main, short }: Commands, requestUrl: string | null) =>
  [
    { command: main, description: MANIFEST.commands.main, usage_hint: MANIFEST.usage },
    ...short.map((name) => ({
      command: `/${name}`,
      description: MANIFEST.commands[name],
      usage_hint: USAGE[name],
    })),
  ].map((command) => ({
    ...command,
    ...(requestUrl === null ? {} : { url: requestUrl }),
    // Otherwise a teammate arrives as "@name", which does not identify them.
    should_escape: true,
  }));
