import { isIPv6 } from 'node:net';
import { type Bot, createBot } from '../bot/index.ts';
import { createCharts, startChartRenderer } from '../charts/index.ts';
import type { PhoneNumber } from '../core/ids.ts';
import type { Charts } from '../core/ports.ts';
import { type ClosableLinks, createLinks, createPublicWeb } from '../links/index.ts';
import { type ClosableSpeech, createSpeech } from '../speech/index.ts';
import { openStorage, type Storage } from '../storage/index.ts';
import { createTelephony, type Telephony } from '../telephony/index.ts';
import type { Starting } from './starting.ts';

/** What recordings need: the database, Slack, links, the speech engine and charts. */
export interface Adapters {
  readonly storage: Storage;
  readonly bot: Bot;
  readonly links: ClosableLinks;
  readonly speech: ClosableSpeech;
  readonly charts: Charts;
}

export const openAdapters = async (
  starting: Starting,
  onCaptionDelay: (delayMs: number) => void,
): Promise<Adapters> => ({
  storage: await openDatabase(starting),
  charts: await openCharts(starting),
  bot: await openBot(starting),
  links: openLinks(starting),
  speech: openSpeech(starting, onCaptionDelay),
});

const openDatabase = async ({ config, clock, logOf, opened }: Starting): Promise<Storage> =>
  opened(
    await openStorage({
      ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
      dataDir: `${config.dataDir}/database`,
      clock,
      log: logOf('storage'),
    }),
    (part) => part.close(),
  );

const openCharts = async ({ config, logOf, opened }: Starting): Promise<Charts> => {
  const log = logOf('charts');
  const url = config.quickchartUrl ?? opened(await startChartRenderer({ log }), (part) => part.close()).url;
  return createCharts({ url, log });
};

const openBot = async ({ config, clock, logOf, opened }: Starting): Promise<Bot> => {
  const { apiUrl } = config.slack;
  const web = opened(
    createPublicWeb({
      // A simulated Slack has its files on a port of its own.
      allowPrivate: ({ hostname }) => apiUrl !== null && hostname === bareHostname(apiUrl),
    }),
    (part) => part.close(),
  );
  return opened(
    await createBot({ config: config.slack, commands: config.slackCommands, web, log: logOf('bot'), clock }),
    (part) => part.close(),
  );
};

/** Without the brackets of IPv6. */
const bareHostname = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

const openLinks = ({ config, logOf, opened }: Starting): ClosableLinks =>
  opened(
    createLinks({
      allowPrivate: ({ hostname, port }) => config.trustedLinkHosts.includes(hostAndPort(hostname, port)),
      log: logOf('links'),
    }),
    (part) => part.close(),
  );

/** As in `trustedLinkHosts`: IPv6 in brackets, always with the port. */
const hostAndPort = (hostname: string, port: number): string =>
  `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;

const openSpeech = (
  { config, clock, logOf, opened }: Starting,
  onCaptionDelay: (delayMs: number) => void,
): ClosableSpeech =>
  opened(
    createSpeech({
      apiKey: config.deepgram.apiKey,
      baseUrl: config.deepgram.url,
      mipOptOut: config.deepgram.mipOptOut,
      live: { maxStreams: config.meetings.liveStreams, onCaptionDelay },
      clock,
      log: logOf('speech'),
    }),
    (part) => part.close(),
  );

/** Null where no phone provider is configured. */
export const openTelephony = (starting: Starting): Telephony | null => {
  const { config, secret, clock, logOf, opened, publicUrl, nodeUrl } = starting;
  if (config.telephony === null) return null;
  return opened(
    createTelephony({
      ...config.telephony,
      callerId: config.telephony.number as PhoneNumber,
      publicUrl,
      nodeUrl,
      secret,
      clock,
      log: logOf('telephony'),
    }),
    (part) => part.close(),
  );
};
