import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { checkSlack } from '../src/bot/check-connection.ts';
import { createCharts, startChartRenderer } from '../src/charts/index.ts';
import { type Config, ConfigError, parseConfig } from '../src/config.ts';
import { dialPlan } from '../src/core/calls/dial-plan.ts';
import { AppError } from '../src/core/error.ts';
import type { PhoneNumber } from '../src/core/ids.ts';
import type { Log } from '../src/core/ports.ts';
import { askParley } from '../src/doctor/checks/running.ts';
import { type Finding, findings } from '../src/doctor/finding.ts';
import { exitCode, findingText, summaryText } from '../src/doctor/report.ts';
import { type CheckResults, runChecks } from '../src/doctor/run-checks.ts';
import { createWorkers, turnServer } from '../src/media/index.ts';
import { secretIn } from '../src/secret.ts';
import { createSpeech } from '../src/speech/index.ts';
import { checkDatabase } from '../src/storage/check-database.ts';
import { checkTelephony, INCOMING_PATH } from '../src/telephony/check-account.ts';
import { doctorUrl, signDoctorLink } from '../src/web/doctor/link.ts';
import { obtainWorker } from './mediasoup-worker/obtain.ts';
import { wavOf } from './wav.ts';

/** `npm run doctor`: whether Parley could work on this machine with this environment, and what to do where not. */
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const found: Finding[] = [];
const tell = (finding: Finding): void => {
  found.push(finding);
  console.log(findingText(finding));
};

const main = async (): Promise<void> => {
  console.log('\nParley’s doctor\n');
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = settings();
  if (config !== null) {
    const secret = config.secret ?? secretIn(config.dataDir);
    const token = secret === null ? null : await signDoctorLink(new TextEncoder().encode(secret), Date.now());
    const localUrl = localUrlOf(config);
    await runChecks(examined(config, localUrl, token), tell);
    if (token !== null) await tellLink([config.publicUrl, localUrl], token);
  }
  console.log(`\n${summaryText(found)}\n`);
  process.exitCode = exitCode(found);
};

const settings = (): Config | null => {
  const told = findings('Settings');
  try {
    const config = parseConfig(process.env);
    if (config.databaseUrl !== null && config.secret === null) {
      tell(
        told.warning(
          'PARLEY_SECRET is not set, so it is kept in DATA_DIR',
          'Several copies of Parley on one database must share one: make it with openssl rand -hex 32.',
        ),
      );
    } else tell(told.ok('every variable is understood'));
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems)
      tell(told.failed(problem, '.env.example has a line for each variable.'));
    return null;
  }
};

const localUrlOf = ({ host, port }: Config): string => {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
};

const examined = (config: Config, localUrl: string, token: string | null): CheckResults => {
  const { slack, deepgram, meetings } = config;
  return {
    localUrl,
    token,
    publicUrl: config.publicUrl,
    nodeUrl: meetings.nodeUrl,
    media: {
      host: config.host,
      publicUrl: config.publicUrl,
      announcedAddress: meetings.announcedAddress,
      portBase: meetings.portBase,
      count: availableParallelism(),
    },
    relays: relaysOf(config),
    database: () =>
      checkDatabase({ databaseUrl: config.databaseUrl, dataDir: `${config.dataDir}/database`, log }),
    databaseIsEmbedded: config.databaseUrl === null,
    slack: slack === null ? null : () => askSlack(slack),
    speech: deepgram === null ? null : () => askSpeech(deepgram),
    telephones: telephonesOf(config),
    charts: () => drawChart(config.quickchartUrl),
    worker: startWorker,
    vendorUrls: [slack && (slack.apiUrl ?? 'https://slack.com/api'), deepgram?.url].filter(
      (url) => typeof url === 'string',
    ),
    nowMs: () => Date.now(),
  };
};

/** Good for a minute: nobody but this process uses them. */
const relaysOf = ({ meetings: { turn } }: Config): CheckResults['relays'] =>
  turn === null
    ? []
    : turn.urls.map((url) => {
        const { username = '', credential = '' } = turnServer({
          urls: [url],
          secret: turn.secret,
          personId: 'doctor',
          nowMs: Date.now(),
          validForMs: 60_000,
        });
        return { url, username, credential };
      });

const telephonesOf = ({ telephony, calls, publicUrl }: Config): CheckResults['telephones'] => {
  if (telephony === null) return null;
  const number = telephony.number as PhoneNumber;
  return {
    examine: () => checkTelephony({ ...telephony, number, log }),
    plan: dialPlan({ ...calls, callerId: number }),
    publicUrl,
    encrypted: telephony.apiUrl?.startsWith('https:') ?? true,
    incomingPath: INCOMING_PATH,
  };
};

const askSlack = async (slack: NonNullable<Config['slack']>): Promise<string> => {
  const { workspace, botName, missingScopes } = await checkSlack(slack, log);
  if (missingScopes !== null && missingScopes.length > 0) {
    throw fault(`The app lacks scopes of manifest.yml: ${missingScopes.join(', ')}.`);
  }
  const scopes = missingScopes === null ? '' : ', with every scope of manifest.yml';
  return `${botName} in ${workspace}${scopes}`;
};

/** A second of silence: what the engine makes of it does not matter, only that it takes it. */
const askSpeech = async (deepgram: NonNullable<Config['deepgram']>): Promise<string> => {
  const speech = createSpeech({ apiKey: deepgram.apiKey, baseUrl: deepgram.url, log });
  const wav = wavOf(Buffer.alloc(32_000), { sampleRateHz: 16_000, channels: 1 });
  const startedMs = performance.now();
  try {
    await speech.transcribe(
      {
        name: 'silence.wav',
        sizeBytes: wav.length,
        bytes: (async function* () {
          yield wav;
        })(),
      },
      { signal: AbortSignal.timeout(30_000), progress: () => {} },
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'no-speech') throw error;
  } finally {
    await speech.close();
  }
  return `${new URL(deepgram.url).host} takes the key and a second of silence, in ${Math.round(performance.now() - startedMs)} ms`;
};

const drawChart = async (quickchartUrl: string | null): Promise<string> => {
  const renderer = quickchartUrl === null ? await startChartRenderer({ log }) : null;
  try {
    const picture = await createCharts({ url: quickchartUrl ?? renderer?.url ?? '', log }).pie({
      title: 'Doctor',
      slices: [{ label: 'Ana', speakingMs: 1_000, share: 1, percent: 100, colour: '#0072b2' }],
    });
    const by = quickchartUrl === null ? 'by Parley itself' : `by ${new URL(quickchartUrl).host}`;
    return `drawn ${by}, ${Math.round(picture.length / 1024)} KB`;
  } finally {
    await renderer?.close();
  }
};

const startWorker = async (): Promise<string> => {
  const obtained = await obtainWorker({ say: (line) => console.log(`          ${line}`) });
  if ('missing' in obtained) throw fault(obtained.missing);
  // On loopback and any port: whether the real ones can be had is a check of its own.
  const workers = await createWorkers({
    workerBin: obtained.bin,
    count: 1,
    listen: { ip: '127.0.0.1' },
    log,
  });
  workers.close();
  return 'is here, and starts';
};

const fault = (sentence: string): AppError =>
  new AppError({ code: 'unexpected', retryable: false, userMessage: sentence });

/** The first address at which this Parley answers is where people can test their own connection. */
const tellLink = async (bases: readonly (string | null)[], token: string): Promise<void> => {
  for (const base of bases) {
    if (base === null || (await askParley(base, token)).is !== 'ours') continue;
    console.log(
      `\nUDP, TCP and TURN can only be tested from a browser. Open this where people are, within half an hour:\n\n  ${doctorUrl(base, token)}`,
    );
    return;
  }
  console.log(
    '\nUDP, TCP and TURN can only be tested from a browser: with Parley running, the doctor has a link for that.',
  );
};

await main();
