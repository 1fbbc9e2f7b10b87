import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../src/core/ports.ts';
import { type Credentials, loadOrCreateCredentials } from './credentials.ts';
import type { PhonesOptions } from './phones/options.ts';
import type { Phones } from './phones/server.ts';
import type { WorkspaceState } from './slack/control/contract.ts';
import type { SlackOptions } from './slack/options.ts';

const SAMPLES_DIR = fileURLToPath(new URL('./samples', import.meta.url));

export interface SandboxOptions {
  /** Where the simulators keep persistent data; null keeps it in memory. */
  readonly dataDir: string | null;
  /** Null when the real Slack is used. */
  readonly slack:
    | (Pick<SlackOptions, 'host' | 'port' | 'publicUrl' | 'samplesDir' | 'app'> & {
        /** False starts no page, for tests that need no browser. */
        readonly page?: boolean;
      })
    | null;
  /** Null when the real Deepgram is used. */
  readonly engine: { readonly host?: string; readonly port?: number } | null;
  /** Null when the real Twilio is used. */
  readonly phones?:
    | (Pick<PhonesOptions, 'host' | 'port' | 'incomingUrl' | 'incomingStatusUrl' | 'phones' | 'timing'> & {
        /** E.164; the default is in `phones/seeded-phones.ts`. */
        readonly parleyNumber?: string;
      })
    | null;
  /** What the workspace's page shows about each provider. */
  readonly providers?: WorkspaceState['providers'];
  readonly log: Log;
  /** Prints what takes a while. */
  readonly say?: (line: string) => void;
}

export interface Sandbox {
  readonly slack: {
    readonly url: string;
    /** For `slackApiUrl`; ends in `/api/`. */
    readonly apiUrl: string;
    readonly botToken: string;
    readonly appToken: string;
    readonly signingSecret: string;
  } | null;
  readonly engine: { readonly url: string; readonly apiKey: string } | null;
  readonly phones: Pick<Phones, 'url' | 'accountSid' | 'authToken' | 'number'> | null;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Starts the simulators that are not null. The code of others is not loaded. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const credentials = loadOrCreateCredentials(options.dataDir);
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
  };
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  try {
    const engine = options.engine === null ? null : await openEngine(options, credentials.engineKey);
    if (engine !== null) closers.push(engine.close);
    const failures =
      options.slack === null && !options.phones ? null : await openFailures(Boolean(options.phones));
    const phones = !options.phones ? null : await openPhones(options, credentials, failures!);
    if (phones !== null) closers.push(() => phones.close());
    const slack =
      options.slack === null ? null : await openSlack(options, credentials, { failures: failures!, phones });
    if (slack !== null) closers.push(slack.close);
    return {
      slack: slack?.slack ?? null,
      engine: engine?.engine ?? null,
      phones: phones === null ? null : seenByParley(phones),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

type Opened<Name extends 'slack' | 'engine'> = Record<Name, NonNullable<Sandbox[Name]>> & {
  close: () => Promise<void>;
};

const openEngine = async (options: SandboxOptions, apiKey: string): Promise<Opened<'engine'>> => {
  const { startEngine } = await import('./engine/local/index.ts');
  const { log } = options;
  const engine = await startEngine({ ...options.engine, apiKeys: [apiKey], log });
  // Loading the models takes about a second, which the first recording should not wait for.
  engine
    .warm()
    .catch((error: unknown) => log.warn({ err: error }, 'the speech engine could not load its models'));
  return { engine: { url: engine.url, apiKey }, close: () => engine.close() };
};

/** Shared, so that one command and one drawer of the page hold the failure modes of both. */
const openFailures = async (withPhones: boolean) => {
  const [{ createFailures }, { SLACK_FAILURES }, { PHONE_FAILURES }] = await Promise.all([
    import('./common/failures.ts'),
    import('./slack/failures.ts'),
    import('./phones/failures.ts'),
  ]);
  const known = { ...SLACK_FAILURES, ...PHONE_FAILURES };
  return createFailures(withPhones ? known : (SLACK_FAILURES as typeof known));
};
type SharedFailures = Awaited<ReturnType<typeof openFailures>>;

const openPhones = async (
  options: SandboxOptions,
  { phonesAccountSid, phonesAuthToken }: Credentials,
  failures: SharedFailures,
): Promise<Phones> => {
  const [{ startPhones }, { PARLEY_NUMBER }] = await Promise.all([
    import('./phones/server.ts'),
    import('./phones/seeded-phones.ts'),
  ]);
  return startPhones({
    parleyNumber: PARLEY_NUMBER,
    samplesDir: SAMPLES_DIR,
    ...options.phones!,
    accountSid: phonesAccountSid,
    authToken: phonesAuthToken,
    failures,
    log: options.log,
  });
};

const seenByParley = ({ url, accountSid, authToken, number }: Phones): NonNullable<Sandbox['phones']> => ({
  url,
  accountSid,
  authToken,
  number,
});

const openSlack = async (
  options: SandboxOptions,
  credentials: Credentials,
  shared: { failures: SharedFailures; phones: Phones | null },
): Promise<Opened<'slack'>> => {
  const { page = true, ...asked } = options.slack!;
  const { startSlack } = await import('./slack/server.ts');
  const pageDir = page ? await openPage(options) : undefined;
  const { botToken, appToken, signingSecret } = credentials;
  const slack = await startSlack({
    samplesDir: SAMPLES_DIR,
    ...asked,
    dataDir: options.dataDir === null ? null : path.join(options.dataDir, 'slack'),
    botToken,
    appToken,
    signingSecret,
    failures: shared.failures,
    ...(shared.phones === null ? {} : { phones: shared.phones }),
    log: options.log,
    ...(pageDir === undefined ? {} : { pageDir }),
    ...(options.providers === undefined ? {} : { providers: options.providers }),
  });
  return {
    slack: { url: slack.url, apiUrl: slack.apiUrl, botToken, appToken, signingSecret },
    close: () => slack.close(),
  };
};

const openPage = async ({ log, say }: SandboxOptions): Promise<string> => {
  const { buildWorkspacePage } = await import('./page/build.ts');
  say?.('preparing the workspace page…');
  return buildWorkspacePage({ log });
};
