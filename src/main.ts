import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { type App, startApp } from './app.ts';
import { systemClock } from './clock.ts';
import { ConfigError, parseConfig } from './config.ts';
import { AppError } from './core/error.ts';
import type { Log } from './core/ports.ts';
import { createLog } from './log.ts';
import type { MeetingDependencies } from './meeting-media.ts';
import { resolveProviders } from './providers.ts';
import { createShutdown } from './shutdown.ts';

/** The process: environment, signals, exit code. */
const main = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = parseConfig(process.env);
  const local = config.slack === null;
  // The terminal of the local workspace shows where to go; of the log only what goes wrong.
  const log = createLog(local && !process.env.LOG_LEVEL ? 'warn' : config.logLevel);
  const clock = systemClock;
  const providers = await resolveProviders(config, log);

  let app: App;
  try {
    app = await startApp(providers.config, { log, clock, dependencies: meetingDependencies(log, local) });
  } catch (error) {
    await providers.close();
    throw error;
  }
  providers.started(app.url);
  if (providers.workspaceUrl !== null) console.log(`\nParley is ready: ${providers.workspaceUrl}\n`);

  const shutdown = createShutdown({
    close: async () => {
      try {
        await app.close();
      } finally {
        await providers.close();
      }
    },
    exit: (code) => process.exit(code),
    clock,
    log,
  });
  // Without its database nothing that closing would store can be stored; the next start continues.
  void app.lost.then(({ userMessage }) => {
    console.error(userMessage);
    process.exit(1);
  });
  process.on('SIGINT', shutdown.signal);
  process.on('SIGTERM', shutdown.signal);
  process.on('unhandledRejection', shutdown.fault);
  process.on('uncaughtException', shutdown.fault);
};

/** Both are tools, loaded only here. */
const meetingDependencies = (log: Log, local: boolean): MeetingDependencies => ({
  worker: async (signal) => {
    const { obtainWorker } = await import('../scripts/mediasoup-worker/obtain.ts');
    const say = (line: string): void => {
      if (local) console.log(`Parley: ${line}`);
      else log.info({ line }, 'obtaining the media worker');
    };
    return obtainWorker({ say, log, signal });
  },
  page: async () => {
    const { buildMeetingPage } = await import('./pages/build.ts');
    return buildMeetingPage({ log });
  },
});

/** What the administrator can fix, as a sentence; null for what was not foreseen. */
const sentenceOf = (error: unknown): string | null => {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof AppError) return error.userMessage;
  const fault = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (fault.code === 'EADDRINUSE') {
    return `Port ${fault.port} is in use by another program. Stop it, or choose another port with PORT or WORKSPACE_PORT.`;
  }
  if (fault.syscall === 'listen' && fault.code === 'EACCES') {
    return `Parley is not allowed to listen on port ${fault.port}. Choose one above 1023 with PORT.`;
  }
  if (fault.code === 'EADDRNOTAVAIL' || fault.code === 'ENOTFOUND') {
    return 'This machine does not have the address in HOST. Use 127.0.0.1, or 0.0.0.0 for all its addresses.';
  }
  if (fault.code !== undefined && fault.path !== undefined) {
    return `Parley cannot use ${fault.path} (${fault.code}). Check DATA_DIR and that Parley may write there.`;
  }
  return null;
};

// A fifth of a warm start is compiling. The cache is in the system's temporary directory.
enableCompileCache();
main().catch((error: unknown) => {
  console.error(sentenceOf(error) ?? error);
  process.exit(1);
});
