import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { type App, type CompleteConfig, startApp } from './app.ts';
import { systemClock } from './clock.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { AppError } from './core/error.ts';
import type { Log } from './core/ports.ts';
import { createLog } from './log.ts';
import type { MeetingMaterials } from './meeting-media.ts';
import { loadOrCreateSecret } from './secret.ts';

/** The process: environment, signals, exit code. */
const main = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = parseConfig(process.env);
  const local = config.slack === null;
  // A person looking at a terminal wants to read where to go, not a log; what goes wrong still shows.
  const log = createLog(local && !process.env.LOG_LEVEL ? 'warn' : config.logLevel);
  const clock = systemClock;
  const standIns = await standIn(config, log);

  let app: App;
  try {
    app = await startApp(standIns.complete, { log, clock, materials: meetingMaterials(log, local) });
  } catch (error) {
    await standIns.close();
    throw error;
  }
  standIns.started(app.url);
  if (standIns.address !== null) console.log(`\nParley is ready: ${standIns.address}\n`);

  // Ended at once, as by a crash: nothing that closing would store can be stored, and the next start goes on.
  void app.lost.then(({ userMessage }) => {
    console.error(userMessage);
    process.exit(1);
  });

  let stopping = false;
  const stop = (): void => {
    // A second signal means "now".
    if (stopping) process.exit(130);
    stopping = true;
    void app
      .close()
      .then(() => standIns.close())
      .finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'unhandled rejection');
  });
};

/** Both are tools rather than parts of the house, and loaded only here. */
const meetingMaterials = (log: Log, local: boolean): MeetingMaterials => ({
  worker: async (signal) => {
    const { obtainWorker } = await import('../scripts/mediasoup-worker/obtain.ts');
    const say = (line: string): void => {
      if (local) console.log(`Parley: ${line}`);
      else log.info({ line }, 'getting the media worker');
    };
    return obtainWorker({ say, log, signal });
  },
  page: async () => {
    const { buildMeetingPage } = await import('./pages/build.ts');
    return buildMeetingPage({ log });
  },
});

interface StoodIn {
  readonly complete: CompleteConfig;
  /** The local workspace's page; null with a real Slack. */
  readonly address: string | null;
  /** Parley is up at this address. */
  started(url: string): void;
  close(): Promise<void>;
}

/** Starts a stand-in for every provider that is not configured. With all of them real, the sandbox is not loaded. */
const standIn = async (config: Config, log: Log): Promise<StoodIn> => {
  const secret = config.secret ?? loadOrCreateSecret(config.dataDir);
  // Telephones ring in the local workspace, and nowhere else without an account.
  if (config.slack !== null && config.deepgram !== null) {
    return {
      complete: { ...config, slack: config.slack, deepgram: config.deepgram, secret, trustedLinkHosts: [] },
      address: null,
      started: () => {},
      close: async () => {},
    };
  }
  let parleyUrl: string | null = null;
  const { startSandbox } = await import('../sandbox/index.ts');
  const sandbox = await startSandbox({
    dataDir: path.join(config.dataDir, 'workspace'),
    slack: config.slack === null ? { port: config.workspacePort } : null,
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
    address: slack?.url ?? null,
    started: (url) => {
      parleyUrl = url;
    },
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
  {
    name: 'Twilio (telephones)',
    standIn: config.telephony === null,
    how: 'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER',
  },
  { name: 'Deepgram (speech to text)', standIn: config.deepgram === null, how: 'DEEPGRAM_API_KEY' },
  { name: 'QuickChart (charts)', standIn: config.quickchartUrl === null, how: 'QUICKCHART_URL' },
  { name: 'Postgres (database)', standIn: config.databaseUrl === null, how: 'DATABASE_URL' },
];

/** A fault that whoever runs Parley can mend, as a sentence; null for what nobody foresaw. */
const sentenceOf = (error: unknown): string | null => {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof AppError) return error.userMessage;
  const fault = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (fault.code === 'EADDRINUSE') {
    return `Port ${fault.port} is in use by another program. Stop that one, or choose another with PORT or WORKSPACE_PORT.`;
  }
  if (fault.syscall === 'listen' && fault.code === 'EACCES') {
    return `Parley may not listen on port ${fault.port}. Choose one above 1023 with PORT.`;
  }
  if (fault.code === 'EADDRNOTAVAIL' || fault.code === 'ENOTFOUND') {
    return 'This machine does not have the address that HOST names. Use 127.0.0.1, or 0.0.0.0 for all it has.';
  }
  if (fault.code !== undefined && fault.path !== undefined) {
    return `Parley cannot use ${fault.path} (${fault.code}). Check DATA_DIR, and that Parley may write there.`;
  }
  return null;
};

// A fifth of a warm start is compiling; the cache lies in the system's temporary directory.
enableCompileCache();
main().catch((error: unknown) => {
  console.error(sentenceOf(error) ?? error);
  process.exit(1);
});
