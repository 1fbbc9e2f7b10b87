import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type App, type CompleteConfig, startApp } from './app.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import type { Clock, Log } from './core/ports.ts';
import { createLog } from './log.ts';

/** The process: environment, signals, exit code. */
const main = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = parseConfig(process.env);
  const local = config.slack === null;
  // A person looking at a terminal wants to read where to go, not a log; what goes wrong still shows.
  const log = createLog(local && !process.env.LOG_LEVEL ? 'warn' : config.logLevel);
  const clock: Clock = { nowMs: () => Date.now() };
  const { complete, close: closeStandIns, address } = await standIn(config, log);

  let app: App;
  try {
    app = await startApp(complete, { log, clock });
  } catch (error) {
    await closeStandIns();
    throw error;
  }
  if (address !== null) console.log(`\nParley is ready: ${address}\n`);

  let stopping = false;
  const stop = (): void => {
    // A second signal means "now".
    if (stopping) process.exit(130);
    stopping = true;
    void app
      .close()
      .then(closeStandIns)
      .finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'unhandled rejection');
  });
};

interface StoodIn {
  readonly complete: CompleteConfig;
  /** The local workspace's page; null with a real Slack. */
  readonly address: string | null;
  close(): Promise<void>;
}

/** Starts a stand-in for every provider that is not configured. With all of them real, the sandbox is not loaded. */
const standIn = async (config: Config, log: Log): Promise<StoodIn> => {
  const secret = config.secret ?? keptSecret(config.dataDir);
  if (config.slack !== null && config.deepgram !== null) {
    return {
      complete: { ...config, slack: config.slack, deepgram: config.deepgram, secret, trustedLinkHosts: [] },
      address: null,
      close: async () => {},
    };
  }
  const { startSandbox } = await import('../sandbox/index.ts');
  const sandbox = await startSandbox({
    dataDir: path.join(config.dataDir, 'workspace'),
    slack: config.slack === null ? { port: config.workspacePort } : null,
    engine: config.deepgram === null ? {} : null,
    providers: providerLines(config),
    log,
    say: (line) => console.log(`Parley: ${line}`),
  });
  const { slack, engine } = sandbox;
  return {
    complete: {
      ...config,
      secret,
      slack:
        config.slack ??
        ({
          botToken: slack?.botToken ?? '',
          mode: { type: 'socket', appToken: slack?.appToken ?? '' },
          apiUrl: slack?.apiUrl ?? null,
        } as const),
      deepgram: config.deepgram ?? { apiKey: engine?.apiKey ?? '', url: engine?.url ?? '' },
      trustedLinkHosts: slack === null ? [] : [hostAndPort(new URL(slack.url))],
    },
    address: slack?.url ?? null,
    close: () => sandbox.close(),
  };
};

/** With the port even where an address leaves it out. */
const hostAndPort = ({ hostname, port }: URL): string => `${hostname}:${port || 80}`;

/** What the workspace tells people about what is real and what is not. */
const providerLines = (config: Config) => [
  {
    name: 'Slack',
    standIn: config.slack === null,
    how: 'SLACK_BOT_TOKEN with SLACK_APP_TOKEN, or with SLACK_SIGNING_SECRET',
  },
  { name: 'Deepgram (speech to text)', standIn: config.deepgram === null, how: 'DEEPGRAM_API_KEY' },
  { name: 'QuickChart (charts)', standIn: config.quickchartUrl === null, how: 'QUICKCHART_URL' },
  { name: 'Postgres (database)', standIn: config.databaseUrl === null, how: 'DATABASE_URL' },
];

/** The signing secret that this data directory was given when it was first used. */
const keptSecret = (dataDir: string): string => {
  const file = path.join(dataDir, 'secret');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const secret = randomBytes(32).toString('hex');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
};

main().catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message);
  else console.error(error);
  process.exit(1);
});
