import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { checkSlack } from '../src/bot/check-connection.ts';
import { createCharts, startChartRenderer } from '../src/charts/index.ts';
import { systemClock } from '../src/clock.ts';
import { type Config, ConfigError, parseConfig } from '../src/config.ts';
import { dialPlan } from '../src/core/calls/dial-plan.ts';
import { AppError } from '../src/core/error.ts';
import type { PhoneNumber } from '../src/core/ids.ts';
import type { Log } from '../src/core/ports.ts';
import { probeParley } from '../src/doctor/checks/probe-parley.ts';
import { type Finding, findings } from '../src/doctor/finding.ts';
import { exitCode, findingText, summaryText } from '../src/doctor/report.ts';
import { type ChecksOptions, runChecks } from '../src/doctor/run-checks.ts';
import { PROVIDER, REPORT, SETTINGS } from '../src/doctor/sentences.ts';
import { createWorkers, turnServer } from '../src/media/index.ts';
import { secretIn } from '../src/secret.ts';
import { createSpeech } from '../src/speech/index.ts';
import { tryLive } from '../src/speech/live/try-live.ts';
import { checkDatabase } from '../src/storage/check-database.ts';
import { checkTelephony, INCOMING_PATH } from '../src/telephony/check-account.ts';
import { doctorUrl, signDoctorLink } from '../src/web/doctor/link.ts';
import { obtainWorker } from './mediasoup-worker/obtain.ts';
import { trySlackIn } from './try-slack.ts';
import { wavOf } from './wav.ts';

/**
 * `npm run doctor`: whether Parley can work on this machine with this environment, and what to do about each problem.
 * With `--try CHANNEL` it posts in that channel of Slack, says what is true there, and deletes everything.
 */
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const found: Finding[] = [];
const report = (finding: Finding): void => {
  found.push(finding);
  console.log(findingText(finding));
};

const main = async (): Promise<void> => {
  console.log(`\n${REPORT.title}\n`);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = checkSettings();
  const { values } = parseArgs({ options: { try: { type: 'string' } } });
  if (config !== null && values.try !== undefined) {
    await trySlackIn(values.try, config, { report, log });
  } else if (config !== null) {
    const secret = config.secret ?? secretIn(config.dataDir);
    const token = secret === null ? null : await signDoctorLink(new TextEncoder().encode(secret), Date.now());
    const localUrl = localUrlOf(config);
    await runChecks(checksOf(config, localUrl, token), report);
    if (token !== null) await printTestLink([config.publicUrl, localUrl], token);
  }
  console.log(`\n${summaryText(found)}\n`);
  process.exitCode = exitCode(found);
};

const checkSettings = (): Config | null => {
  const result = findings('Settings');
  try {
    const config = parseConfig(process.env);
    const isSecretLocal = config.databaseUrl !== null && config.secret === null;
    report(isSecretLocal ? result.warning(SETTINGS.secretInDataDir) : result.ok(SETTINGS.ok));
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) report(result.failed(SETTINGS.invalid(problem)));
    return null;
  }
};

const localUrlOf = ({ host, port }: Config): string => {
  const address = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
};

const checksOf = (config: Config, localUrl: string, token: string | null): ChecksOptions => {
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
    slack: slack === null ? null : () => trySlack(slack),
    speech: deepgram === null ? null : () => trySpeech(deepgram),
    live:
      deepgram === null
        ? null
        : () =>
            tryLive({
              apiKey: deepgram.apiKey,
              baseUrl: deepgram.url,
              mipOptOut: deepgram.mipOptOut,
              connections: 2,
              clock: systemClock,
            }),
    phones: phonesOf(config),
    charts: () => drawChart(config.quickchartUrl),
    worker: startWorker,
    vendorUrls: [slack && (slack.apiUrl ?? 'https://slack.com/api'), deepgram?.url].filter(
      (url) => typeof url === 'string',
    ),
    nowMs: () => Date.now(),
  };
};

/** Valid for a minute, since only this process uses them. */
const relaysOf = ({ meetings: { turn } }: Config): ChecksOptions['relays'] =>
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

const phonesOf = ({ telephony, calls, publicUrl, meetings }: Config): ChecksOptions['phones'] => {
  if (telephony === null) return null;
  const number = telephony.number as PhoneNumber;
  return {
    checkAccount: () => checkTelephony({ ...telephony, number, clock: systemClock, log }),
    plan: dialPlan({ ...calls, callerId: number }),
    publicUrl,
    nodeUrl: meetings.nodeUrl,
    encrypted: telephony.apiUrl?.startsWith('https:') ?? true,
    incomingPath: INCOMING_PATH,
  };
};

const trySlack = async (slack: NonNullable<Config['slack']>): Promise<string> => {
  const { workspace, botName, missingScopes } = await checkSlack(slack, log);
  if (missingScopes !== null && missingScopes.length > 0) {
    throw fault(PROVIDER.missingScopes(missingScopes.join(', ')));
  }
  return PROVIDER.slack(botName, workspace, missingScopes !== null);
};

/** With a second of silence: only whether it is accepted matters. */
const trySpeech = async (deepgram: NonNullable<Config['deepgram']>): Promise<string> => {
  const { apiKey, url: baseUrl, mipOptOut } = deepgram;
  const speech = createSpeech({ apiKey, baseUrl, mipOptOut, clock: systemClock, log });
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
  return PROVIDER.speech(new URL(deepgram.url).host, Math.round(performance.now() - startedMs));
};

const drawChart = async (quickchartUrl: string | null): Promise<string> => {
  const renderer = quickchartUrl === null ? await startChartRenderer({ log }) : null;
  try {
    const picture = await createCharts({ url: quickchartUrl ?? renderer?.url ?? '', log }).pie({
      slices: [{ label: 'Ana', letter: null, speakingMs: 1_000, share: 1, percent: 100, colour: '#0072b2' }],
    });
    const server = quickchartUrl === null ? null : new URL(quickchartUrl).host;
    return PROVIDER.chart(server, Math.round(picture.length / 1024));
  } finally {
    await renderer?.close();
  }
};

const startWorker = async (): Promise<string> => {
  const obtained = await obtainWorker({ say: (line) => console.log(`          ${line}`) });
  if ('missing' in obtained) throw fault(obtained.missing);
  // On loopback and any port: the real ports have a check of their own.
  const workers = await createWorkers({
    workerBin: obtained.bin,
    count: 1,
    listen: { ip: '127.0.0.1' },
    log,
  });
  workers.close();
  return PROVIDER.worker;
};

const fault = (sentence: string): AppError =>
  new AppError({ code: 'unexpected', retryable: false, userMessage: sentence });

/** For the first address at which this Parley responds. */
const printTestLink = async (bases: readonly (string | null)[], token: string): Promise<void> => {
  for (const base of bases) {
    if (base === null || (await probeParley(base, token)).kind !== 'ours') continue;
    console.log(`\n${REPORT.testLink(doctorUrl(base, token))}`);
    return;
  }
  console.log(`\n${REPORT.noTestLink}`);
};

await main();
