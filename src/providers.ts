import path from 'node:path';
import type { CompleteConfig } from './app/starting.ts';
import { buildManifest } from './bot/manifest.ts';
import { SHORT_COMMANDS } from './config/slack.ts';
import type { Config } from './config.ts';
import { AppError } from './core/error.ts';
import type { Log } from './core/ports.ts';
import { loadOrCreateSecret } from './secret.ts';

/** Every provider: the configured one, or the one of the local workspace. */
export interface ResolvedProviders {
  readonly config: CompleteConfig;
  /** The address of the local workspace's page; null with a real Slack. */
  readonly workspaceUrl: string | null;
  /** Tells the local phone network where Parley listens. */
  started(url: string): void;
  close(): Promise<void>;
}

/** Starts the local workspace for the providers that are not configured. With all of them real, it is not loaded. */
export const resolveProviders = async (config: Config, log: Log): Promise<ResolvedProviders> => {
  const secret = config.secret ?? loadOrCreateSecret(config.dataDir);
  // With a real Slack, phones need a real account.
  if (config.slack !== null && config.deepgram !== null) {
    return {
      config: { ...config, slack: config.slack, deepgram: config.deepgram, secret, trustedLinkHosts: [] },
      workspaceUrl: null,
      started: () => {},
      close: async () => {},
    };
  }
  let parleyUrl: string | null = null;
  const slackCommands = config.slack === null ? localCommands(config) : config.slackCommands;
  const { startSandbox } = await import('../sandbox/index.ts').catch(noLocalWorkspace);
  const sandbox = await startSandbox({
    dataDir: path.join(config.dataDir, 'workspace'),
    slack:
      config.slack === null
        ? { port: config.workspacePort, app: { commands: offersOf(slackCommands) } }
        : null,
    engine: config.deepgram === null ? {} : null,
    phones:
      config.slack === null && config.telephony === null
        ? {
            incomingUrl: () =>
              parleyUrl === null ? null : `${config.publicUrl ?? parleyUrl}/telephony/incoming`,
          }
        : null,
    providers: providerLines(config),
    log,
    say: (line) => console.log(`Parley: ${line}`),
  });
  const { slack, engine, phones } = sandbox;
  return {
    config: {
      ...config,
      slackCommands,
      secret,
      slack:
        config.slack ??
        ({
          botToken: slack?.botToken ?? '',
          mode: { type: 'socket', appToken: slack?.appToken ?? '' },
          apiUrl: slack?.apiUrl ?? null,
        } as const),
      deepgram: config.deepgram ?? { apiKey: engine?.apiKey ?? '', url: engine?.url ?? '', mipOptOut: true },
      telephony:
        config.telephony ??
        (phones === null
          ? null
          : {
              accountSid: phones.accountSid,
              authToken: phones.authToken,
              number: phones.number,
              apiUrl: phones.url,
            }),
      trustedLinkHosts: slack === null ? [] : [hostAndPort(new URL(slack.url))],
    },
    workspaceUrl: slack?.url ?? null,
    started: (url) => {
      parleyUrl = url;
    },
    close: () => sandbox.close(),
  };
};

/** In the local workspace no other app has the short names, so all of them exist unless the settings choose. */
const localCommands = ({ slackCommands: { main, short } }: Config) => ({
  main,
  short: short.length > 0 ? short : SHORT_COMMANDS,
});

/** The commands of this installation's manifest, as the local workspace offers them. */
const offersOf = (commands: Config['slackCommands']) =>
  buildManifest({ commands, requestUrl: null }).features.slash_commands.map(
    ({ command, description, usage_hint, should_escape }) => ({
      command,
      description,
      usageHint: usage_hint,
      shouldEscape: should_escape,
    }),
  );

/** Images leave it out, with the development packages that it needs. */
const noLocalWorkspace = (cause: unknown): never => {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new AppError({
    code: 'unexpected',
    retryable: false,
    userMessage:
      'This installation has no local workspace. Set SLACK_BOT_TOKEN and DEEPGRAM_API_KEY (for the local speech engine, with DEEPGRAM_URL).',
    cause,
  });
};

/** With the port also where the address leaves it out. */
const hostAndPort = ({ hostname, port }: URL): string => `${hostname}:${port || 80}`;

/** What the workspace's page shows about which providers are real. */
const providerLines = (config: Config) => [
  {
    name: 'Slack',
    simulated: config.slack === null,
    how: 'SLACK_BOT_TOKEN with SLACK_APP_TOKEN, or with SLACK_SIGNING_SECRET',
  },
  {
    name: 'Twilio (phones)',
    simulated: config.telephony === null,
    how: 'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER',
  },
  { name: 'Deepgram (speech to text)', simulated: config.deepgram === null, how: 'DEEPGRAM_API_KEY' },
  { name: 'QuickChart (charts)', simulated: config.quickchartUrl === null, how: 'QUICKCHART_URL' },
  { name: 'Postgres (database)', simulated: config.databaseUrl === null, how: 'DATABASE_URL' },
];
