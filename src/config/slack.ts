import { z } from 'zod';
import { address, type Problem, prefixed, type Values } from './fields.ts';

/** What can be a command of its own besides the one that does everything. */
export const SHORT_COMMANDS = ['call', 'meet', 'transcribe'] as const;
type ShortCommand = (typeof SHORT_COMMANDS)[number];

/** The slash commands that the app has in Slack. */
export interface CommandsConfig {
  /** Does everything. */
  readonly main: string;
  /** Those that exist besides, without their slash. */
  readonly short: readonly ShortCommand[];
}

/** `call` was among them for years, and may be tried. */
export const SLACK_OWN_COMMANDS: ReadonlySet<string> = new Set(
  (
    'apps archive away close collapse dm dnd expand feed feedback invite join kick leave me msg mute open part prefs ' +
    'pro remind remove rename search shortcuts shrug star status topic who'
  ).split(' '),
);

const isShort = (name: string): name is ShortCommand => SHORT_COMMANDS.some((short) => short === name);

const commandsConfig = (names: readonly string[]): CommandsConfig => ({
  main: `/${names.find((name) => !isShort(name)) ?? 'parley'}`,
  short: SHORT_COMMANDS.filter((name) => names.includes(name)),
});

export const SLACK_VARIABLES = {
  SLACK_BOT_TOKEN: prefixed('xoxb-', 'OAuth & Permissions > Bot User OAuth Token').optional(),
  SLACK_APP_TOKEN: prefixed('xapp-', 'Basic Information > App-Level Tokens').optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(8, { error: 'is too short (Basic Information > Signing Secret)' })
    .optional(),
  SLACK_API_URL: address('the Slack Web API, ending in /api').optional(),
  SLACK_COMMANDS: z
    .string()
    .transform((names) =>
      names
        .toLowerCase()
        .split(/[\s,]+/)
        .map((name) => name.replace(/^\//, '')),
    )
    .refine((names) => names.every((name) => /^[a-z0-9_-]{1,31}$/.test(name)), {
      error: 'must be slash commands separated by commas: /parley,/call,/meet,/transcribe',
    })
    .refine((names) => names.filter((name) => !isShort(name)).length <= 1, {
      error: 'can name one command besides /call, /meet and /transcribe: the one that does everything',
    })
    .superRefine((names, context) => {
      for (const name of names.filter((one) => SLACK_OWN_COMMANDS.has(one))) {
        const message = `has /${name}, which is a command of Slack’s own: Slack refuses the whole manifest`;
        context.addIssue({ code: 'custom', message });
      }
    })
    .transform(commandsConfig)
    .default({ main: '/parley', short: [] }),
} as const;

type SlackValues = Values<typeof SLACK_VARIABLES>;

export interface SlackConfig {
  readonly botToken: string;
  readonly mode: { type: 'socket'; appToken: string } | { type: 'http'; signingSecret: string };
  readonly apiUrl: string | null;
}

export const slackProblems = (values: SlackValues): Problem[] => {
  if (values.SLACK_BOT_TOKEN === undefined) {
    return (['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_API_URL'] as const)
      .filter((variable) => values[variable] !== undefined)
      .map((variable) => ({ variable: 'SLACK_BOT_TOKEN', message: `is needed when ${variable} is set` }));
  }
  if (values.SLACK_APP_TOKEN !== undefined || values.SLACK_SIGNING_SECRET !== undefined) return [];
  return [
    {
      variable: 'SLACK_APP_TOKEN',
      message: 'is needed with SLACK_BOT_TOKEN for Socket Mode (or SLACK_SIGNING_SECRET for HTTP)',
    },
  ];
};

/** Null without a bot token. */
export const slackConfig = ({
  SLACK_BOT_TOKEN: botToken,
  SLACK_APP_TOKEN: appToken,
  SLACK_SIGNING_SECRET: signingSecret,
  SLACK_API_URL,
}: SlackValues): SlackConfig | null => {
  if (botToken === undefined) return null;
  const apiUrl = SLACK_API_URL ?? null;
  if (appToken !== undefined) return { botToken, mode: { type: 'socket', appToken }, apiUrl };
  return signingSecret === undefined ? null : { botToken, mode: { type: 'http', signingSecret }, apiUrl };
};
