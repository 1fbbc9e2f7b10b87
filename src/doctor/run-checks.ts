import type { About } from '../web/doctor/about.ts';
import { checkAddress } from './checks/address.ts';
import { checkClock, clockOf, type OtherClock } from './checks/clock.ts';
import { isLoopback } from './checks/hosts.ts';
import { checkLiveCaptions, type LiveAdmission } from './checks/live-captions.ts';
import { checkAnnouncedAddress, checkPorts, type MediaSettings } from './checks/media.ts';
import { checkPhones, type PhoneSettings } from './checks/phones.ts';
import { probeParley } from './checks/probe-parley.ts';
import { checkProvider } from './checks/provider.ts';
import { checkRelay, type RelaySettings } from './checks/relay.ts';
import { type Finding, findings } from './finding.ts';
import { ADDRESS, DATABASE, MEETINGS, PARLEY, PHONES, PROVIDER, RELAY } from './sentences.ts';

/** What is checked. Functions that ask a provider throw `AppError`. */
export interface ChecksOptions {
  /** Where a Parley of this configuration listens. */
  readonly localUrl: string;
  readonly publicUrl: string | null;
  readonly nodeUrl: string | null;
  /** Signed with this Parley's secret; null before its first start. */
  readonly token: string | null;
  readonly media: MediaSettings;
  /** One for each address of the relay. */
  readonly relays: readonly RelaySettings[];
  /** What it is, and its own clock, unless that is this machine's. */
  readonly database: () => Promise<{ readonly description: string; readonly nowMs: number | null }>;
  /** Whether it is files that belong to one process at a time. */
  readonly databaseIsEmbedded: boolean;
  /** Null where the local workspace simulates it. Resolves to what was found. */
  readonly slack: (() => Promise<string>) | null;
  readonly speech: (() => Promise<string>) | null;
  readonly live: (() => Promise<LiveAdmission>) | null;
  /** Null where phones are not set up, or simulated. */
  readonly phones: PhoneSettings | null;
  readonly charts: () => Promise<string>;
  readonly worker: () => Promise<string>;
  /** Servers with whose clocks this machine's is compared. */
  readonly vendorUrls: readonly string[];
  readonly nowMs: () => number;
}

type Report = (finding: Finding) => void;

/** Checks everything, one after the other, and reports each finding at once. */
export const runChecks = async (options: ChecksOptions, report: Report): Promise<void> => {
  const isRunning = (await checkRunning(options, report)) !== null;
  await checkAddresses(options, isRunning, report);
  const clocks: OtherClock[] = options.vendorUrls.map(clockOf);
  report(await checkDatabase(options, isRunning, clocks));
  for (const finding of await checkProviders(options)) report(finding);
  for (const finding of await checkPhoneProvider(options)) report(finding);
  report(await checkAnnouncedAddress(options.media));
  report(await checkPorts(options.media, isRunning));
  if (options.relays.length === 0) report(findings('TURN_URL').skipped(RELAY.off));
  for (const relay of options.relays) report(await checkRelay(relay));
  report(await checkClock(clocks, options.nowMs));
};

/** What the Parley of this configuration tells of itself, when it runs. */
const checkRunning = async ({ token, localUrl }: ChecksOptions, report: Report): Promise<About | null> => {
  const result = findings('Parley');
  const probe = token === null ? null : await probeParley(localUrl, token);
  if (probe === null || probe.kind === 'silent') {
    report(result.skipped(PARLEY.notRunning(localUrl)));
    return null;
  }
  if (probe.kind === 'foreign') {
    report(result.failed(PARLEY.portTaken(localUrl)));
    return null;
  }
  const { meetingsMissing } = probe.about;
  const meetings = findings('Meetings');
  report(result.ok(PARLEY.running(localUrl)));
  report(
    meetingsMissing === null
      ? meetings.ok(MEETINGS.ok)
      : meetings.failed(MEETINGS.unavailable(meetingsMissing)),
  );
  return probe.about;
};

const checkAddresses = async (
  { publicUrl, nodeUrl, localUrl, slack, token, nowMs }: ChecksOptions,
  runsHere: boolean,
  report: Report,
): Promise<void> => {
  if (publicUrl === null) {
    const result = findings('PUBLIC_URL');
    const isLocal = slack === null && isLoopback(new URL(localUrl).hostname);
    report(isLocal ? result.skipped(ADDRESS.notNeeded) : result.failed(ADDRESS.notSet));
  }
  for (const [variable, url] of Object.entries({ PUBLIC_URL: publicUrl, NODE_URL: nodeUrl })) {
    if (url === null) continue;
    // Before the first start there is no secret, and no response can be the right one.
    const options = { variable, url, token: token ?? 'none', runsHere, nowMs: nowMs() };
    for (const finding of await checkAddress(options)) report(finding);
  }
};

const checkDatabase = async (
  { database, databaseIsEmbedded }: ChecksOptions,
  runsHere: boolean,
  clocks: OtherClock[],
): Promise<Finding> => {
  if (runsHere && databaseIsEmbedded) return findings('Database').ok(DATABASE.inUse);
  return checkProvider({
    name: 'Database',
    advice: DATABASE.advice,
    attempt: async () => {
      const { description, nowMs } = await database();
      if (nowMs !== null) clocks.push({ name: 'the database', nowMs: async () => (await database()).nowMs });
      return description;
    },
  });
};

const checkPhoneProvider = async ({ phones, slack }: ChecksOptions): Promise<readonly Finding[]> => {
  if (phones !== null) return checkPhones(phones);
  // With a real Slack no phones are simulated.
  return [findings('Phones').skipped(slack === null ? PROVIDER.simulated : PHONES.off)];
};

const checkProviders = async (options: ChecksOptions): Promise<readonly Finding[]> => {
  const check = (name: string, attempt: (() => Promise<string>) | null, advice: string): Promise<Finding> =>
    attempt === null
      ? Promise.resolve(findings(name).skipped(PROVIDER.simulated))
      : checkProvider({ name, attempt, advice });
  return Promise.all([
    check('Slack', options.slack, PROVIDER.slackAdvice),
    check('Speech engine', options.speech, PROVIDER.speechAdvice),
    options.live === null
      ? findings('Live captions').skipped(PROVIDER.simulated)
      : checkLiveCaptions(options.live),
    check('Charts', options.charts, PROVIDER.chartsAdvice),
    check('Media worker', options.worker, PROVIDER.workerAdvice),
  ]);
};
