import type { About } from '../web/doctor/about.ts';
import { checkAddress } from './checks/address.ts';
import { checkClock, clockOf, type OtherClock } from './checks/clock.ts';
import { isLoopback } from './checks/hosts.ts';
import { checkAnnounced, checkPorts, type MediaSettings } from './checks/media.ts';
import { checkTelephones, type TelephonesAsked } from './checks/phones.ts';
import { checkProvider } from './checks/provider.ts';
import { checkRelay, type RelayAsked } from './checks/relay.ts';
import { askParley } from './checks/running.ts';
import { type Finding, findings } from './finding.ts';

/** What is examined, and with what. Everything that asks a vendor is handed over, and throws `AppError`. */
export interface CheckResults {
  /** Where a Parley of this configuration listens. */
  readonly localUrl: string;
  readonly publicUrl: string | null;
  readonly nodeUrl: string | null;
  /** Signed with this Parley's secret; null before its first start. */
  readonly token: string | null;
  readonly media: MediaSettings;
  /** Each address of the relay. */
  readonly relays: readonly RelayAsked[];
  /** What it is and its own clock, if that is another than this machine's. */
  readonly database: () => Promise<{ readonly said: string; readonly nowMs: number | null }>;
  /** Whether it is files that belong to one process at a time. */
  readonly databaseIsEmbedded: boolean;
  /** Null where the local workspace stands in. Each says what it found. */
  readonly slack: (() => Promise<string>) | null;
  readonly speech: (() => Promise<string>) | null;
  /** Null where nobody has telephones, or the local workspace stands in. */
  readonly telephones: TelephonesAsked | null;
  readonly charts: () => Promise<string>;
  readonly worker: () => Promise<string>;
  /** Servers whose clocks may be asked. */
  readonly vendorUrls: readonly string[];
  readonly nowMs: () => number;
}

/** Checks everything, one after the other, and tells of each as it comes. */
export const runChecks = async (what: CheckResults, tell: (finding: Finding) => void): Promise<void> => {
  const running = await checkRunning(what, tell);
  await checkAddresses(what, running !== null, tell);
  const clocks: OtherClock[] = what.vendorUrls.map(clockOf);
  tell(await checkDatabase(what, running !== null, clocks));
  for (const finding of await providers(what)) tell(finding);
  for (const finding of await telephones(what)) tell(finding);
  tell(await checkAnnounced(what.media));
  tell(await checkPorts(what.media, running !== null));
  if (what.relays.length === 0) {
    tell(
      findings('TURN_URL').skipped('no relay: networks that let only web traffic out may keep people away'),
    );
  }
  for (const relay of what.relays) tell(await checkRelay(relay));
  tell(await checkClock(clocks, what.nowMs));
};

/** What the Parley of this configuration says of itself, when it runs. */
const checkRunning = async (what: CheckResults, told: (finding: Finding) => void): Promise<About | null> => {
  const tell = findings('Parley');
  const answer = what.token === null ? null : await askParley(what.localUrl, what.token);
  if (answer === null || answer.is === 'silent') {
    told(tell.skipped(`does not run here: nothing answers at ${what.localUrl}`));
    return null;
  }
  if (answer.is === 'foreign') {
    told(
      tell.failed(
        `${what.localUrl} is taken by something else, or by a Parley with another secret`,
        'Stop that, or choose another port with PORT; or run the doctor with the environment that Parley has.',
      ),
    );
    return null;
  }
  const { meetingsMissing } = answer.about;
  told(tell.ok(`runs at ${what.localUrl}`));
  told(
    meetingsMissing === null
      ? findings('Meetings').ok('can be held')
      : findings('Meetings').failed(
          meetingsMissing.replace(/\.$/, ''),
          'See the other findings, and Parley’s log.',
        ),
  );
  return answer.about;
};

const checkAddresses = async (
  what: CheckResults,
  runsHere: boolean,
  told: (finding: Finding) => void,
): Promise<void> => {
  if (what.publicUrl === null) {
    const tell = findings('PUBLIC_URL');
    if (what.slack === null && isLoopback(new URL(what.localUrl).hostname)) {
      told(tell.skipped('not set, and not needed on this machine alone'));
    } else {
      told(
        tell.failed(
          'not set: links into meetings and to samples have no address',
          'Set it to the https address at which browsers reach Parley.',
        ),
      );
    }
  }
  const addresses = { PUBLIC_URL: what.publicUrl, NODE_URL: what.nodeUrl };
  for (const [variable, url] of Object.entries(addresses)) {
    if (url === null) continue;
    // Before the first start there is no secret, and so no answer would be the right one.
    const parts = { variable, url, token: what.token ?? 'none', runsHere, nowMs: what.nowMs() };
    for (const finding of await checkAddress(parts)) told(finding);
  }
};

const checkDatabase = async (
  what: CheckResults,
  runsHere: boolean,
  clocks: OtherClock[],
): Promise<Finding> => {
  if (runsHere && what.databaseIsEmbedded) {
    return findings('Database').ok('embedded, and in use by the Parley that runs');
  }
  return checkProvider({
    name: 'Database',
    todo: 'Nothing works without it.',
    attempt: async () => {
      const { said, nowMs } = await what.database();
      if (nowMs !== null)
        clocks.push({ name: 'the database', nowMs: async () => (await what.database()).nowMs });
      return said;
    },
  });
};

const STAND_IN = 'stood in for by the local workspace';

const telephones = async (what: CheckResults): Promise<readonly Finding[]> => {
  if (what.telephones !== null) return checkTelephones(what.telephones);
  // With a real Slack nothing stands in for telephones.
  const without = 'none: nobody can call or dial in without the TWILIO variables';
  return [findings('Telephones').skipped(what.slack === null ? STAND_IN : without)];
};

const providers = async (what: CheckResults): Promise<readonly Finding[]> => {
  const check = (name: string, attempt: (() => Promise<string>) | null, todo: string): Promise<Finding> =>
    attempt === null
      ? Promise.resolve(findings(name).skipped(STAND_IN))
      : checkProvider({ name, attempt, todo });
  return Promise.all([
    check(
      'Slack',
      what.slack,
      'README.md says where tokens are found; install the app anew from manifest.yml after changes.',
    ),
    check('Speech engine', what.speech, 'Check DEEPGRAM_API_KEY and DEEPGRAM_URL, and the account’s credit.'),
    check('Charts', what.charts, 'Check QUICKCHART_URL, or remove it: Parley then draws by itself.'),
    check('Media worker', what.worker, 'Without it there are no meetings; everything else works.'),
  ]);
};
