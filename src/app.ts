import { randomInt, randomUUID } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { createBot } from './bot/index.ts';
import { createCharts, startChartRenderer } from './charts/index.ts';
import type { Config, SlackConfig } from './config.ts';
import { dialPlan } from './core/calls/dial-plan.ts';
import type { AppError } from './core/error.ts';
import type { ConversationId, LegId, PhoneNumber } from './core/ids.ts';
import type { Clock, Log } from './core/ports.ts';
import { createFlows, MEETING_TIMING } from './flows/index.ts';
import { createLinks } from './links/index.ts';
import { componentLog } from './log.ts';
import { CHANNEL_SERVER_OPTIONS, createConnectivityProbes, createRooms, turnServer } from './media/index.ts';
import { type MeetingDependencies, startMeetingMedia } from './meeting-media.ts';
import { createMetrics } from './metrics.ts';
import { createSpeech } from './speech/index.ts';
import { openStorage } from './storage/index.ts';
import { createTelephony } from './telephony/index.ts';
import { signDoctorLink } from './web/doctor/link.ts';
import { createDoctorRoutes } from './web/doctor/routes.ts';
import { createDoctorSockets } from './web/doctor/sockets.ts';
import { signPass } from './web/meetings/link.ts';
import { createMeetingRoutes, meetingUrl } from './web/meetings/routes.ts';
import { createMeetingSockets } from './web/meetings/sockets.ts';
import { createSampleRoutes } from './web/recordings/sample-routes.ts';
import { signSample } from './web/recordings/sample-token.ts';
import { type HttpServer, startHttp } from './web/server.ts';

/** A configuration with every provider, real or simulated. */
export interface CompleteConfig extends Config {
  readonly slack: SlackConfig;
  readonly deepgram: { readonly apiKey: string; readonly url: string };
  readonly secret: string;
  /**
   * Addresses as `host:port` that the link guard allows although they are not public: those of the local workspace.
   * Nothing else on this machine may be read through a link.
   */
  readonly trustedLinkHosts: readonly string[];
}

export interface App {
  readonly url: string;
  /** Resolves when only a new process can continue (the database is lost), to an error for the administrator. */
  readonly lost: Promise<AppError>;
  /** Closes every part, whatever fails. Idempotent. @throws SuppressedError or the one error when a part failed to close */
  close(): Promise<void>;
}

/** Running jobs get this long to end before they are cut off; the next process repeats them. */
const GRACE_MS = 10_000;

/** The composition root. Parts that opened are closed again when a later one fails to open. */
export const startApp = async (
  config: CompleteConfig,
  { log, clock, dependencies }: { log: Log; clock: Clock; dependencies: MeetingDependencies },
): Promise<App> => {
  const parts = new AsyncDisposableStack();
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= parts.disposeAsync();
    return closing;
  };
  const opened = <T>(part: T, closer: (part: T) => Promise<void>): T => parts.adopt(part, closer);

  try {
    const storage = opened(
      await openStorage({
        ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
        dataDir: `${config.dataDir}/database`,
        clock,
        log: componentLog(log, 'storage'),
      }),
      (part) => part.close(),
    );
    const chartsUrl =
      config.quickchartUrl ??
      opened(await startChartRenderer({ log: componentLog(log, 'charts') }), (part) => part.close()).url;
    const bot = opened(
      await createBot({ config: config.slack, log: componentLog(log, 'bot'), clock }),
      (part) => part.close(),
    );
    const secret = new TextEncoder().encode(config.secret);
    const links = opened(
      createLinks({
        allowPrivate: ({ hostname, port }) => config.trustedLinkHosts.includes(hostAndPort(hostname, port)),
        log: componentLog(log, 'links'),
      }),
      (part) => part.close(),
    );
    const metrics = createMetrics({
      connected: () => bot.connected(),
      live: () => speech.figures(),
      media: () => rooms.stats(),
      telephony: () => telephony?.figures() ?? null,
    });
    const speech = opened(
      createSpeech({
        apiKey: config.deepgram.apiKey,
        baseUrl: config.deepgram.url,
        live: {
          maxStreams: config.meetings.liveStreams,
          onCaptionDelay: (delayMs) => metrics.observeCaptionDelay(delayMs),
        },
        clock,
        log: componentLog(log, 'speech'),
      }),
      (part) => part.close(),
    );
    let http: HttpServer | null = null;
    const publicUrl = () =>
      config.publicUrl ?? (config.trustedLinkHosts.length > 0 ? (http?.url ?? null) : null);
    const nodeUrl = () => config.meetings.nodeUrl ?? publicUrl();
    const media = opened(
      startMeetingMedia({
        dependencies,
        host: config.host,
        announcedAddress: config.meetings.announcedAddress,
        portBase: config.meetings.portBase,
        log: componentLog(log, 'media'),
      }),
      (part) => part.close(),
    );
    const rooms = opened(
      createRooms({
        workers: () => media.workers(),
        iceServers: (personId) => iceServers(config, personId, clock.nowMs()),
        secret,
        clock,
        log: componentLog(log, 'media'),
      }),
      async (part) => part.close(),
    );
    const probes = opened(
      createConnectivityProbes({
        workers: () => media.workers(),
        iceServers: (visitor) => iceServers(config, visitor, clock.nowMs()),
        clock,
        log: componentLog(log, 'media'),
      }),
      async (part) => part.close(),
    );
    const { telephony: network } = config;
    const telephony =
      network === null
        ? null
        : opened(
            createTelephony({
              ...network,
              callerId: network.number as PhoneNumber,
              publicUrl,
              nodeUrl,
              secret,
              clock,
              log: componentLog(log, 'telephony'),
            }),
            (part) => part.close(),
          );
    const flows = createFlows({
      store: metrics.counted(storage.store),
      chat: bot.chat,
      links,
      speech,
      charts: createCharts({ url: chartsUrl, log: componentLog(log, 'charts') }),
      clock,
      log: componentLog(log, 'flows'),
      newId: () => randomUUID() as ConversationId,
      sampleUrl: async (sample, nowMs) => {
        const base = publicUrl();
        return base === null ? null : `${base}/samples/${await signSample(sample, secret, nowMs)}`;
      },
      rooms,
      linkTo: async (base, pass, nowMs) => meetingUrl(base, await signPass(pass, secret, nowMs)),
      instance: {
        // An embedded database has one process at a time, which is the same instance after every restart.
        id: config.databaseUrl === null ? 'the only one' : randomUUID(),
        url: nodeUrl,
      },
      timing: { ...MEETING_TIMING, graceMs: config.meetings.graceMs },
      calls:
        telephony === null || network === null
          ? null
          : {
              phone: telephony.phone,
              plan: dialPlan({ ...config.calls, callerId: network.number as PhoneNumber }),
              limits: config.calls.limits,
              newLegId: () => randomUUID() as LegId,
              random: () => randomInt(2 ** 47) / 2 ** 47,
            },
    });
    const webLog = componentLog(log, 'web');
    http = opened(
      await startHttp({
        host: config.host,
        port: config.port,
        slack: bot.requestListener,
        samples: createSampleRoutes({
          store: storage.store,
          chat: bot.chat,
          links,
          secret,
          clock,
          log: webLog,
        }),
        meetings: createMeetingRoutes({
          meetings: flows.access,
          pageDir: () => media.pageDir(),
          secret,
          url: nodeUrl,
          connectionTest: () => signDoctorLink(secret, clock.nowMs()),
          clock,
          log: webLog,
        }),
        doctor: createDoctorRoutes({
          pageDir: () => media.pageDir(),
          meetingsMissing: () => rooms.unavailableReason(),
          secret,
          clock,
          log: webLog,
        }),
        telephony: telephony?.routes(flows.phoneEvents) ?? null,
        sockets: [
          ...(telephony === null ? [] : [telephony.sockets(flows.phoneEvents)]),
          createMeetingSockets({
            meetings: flows.access,
            serve: (id, ws, visitor) => rooms.serve(id, ws, visitor),
            server: CHANNEL_SERVER_OPTIONS,
            secret,
            url: nodeUrl,
            clock,
            log: webLog,
          }),
          createDoctorSockets({
            serve: (ws, visitor) => probes.serve(ws, visitor),
            server: CHANNEL_SERVER_OPTIONS,
            secret,
            clock,
            log: webLog,
          }),
        ],
        metrics,
        ready: async () => bot.connected() && (await storage.store.check()),
        log: webLog,
      }),
      (part) => part.close(),
    );
    await storage.queue.work(metrics.measured(flows.handlers), { concurrency: config.transcribeConcurrency });
    opened(storage.queue, (queue) => queue.stop(GRACE_MS));
    // Opened last, so closed first: participants wait to be redirected.
    opened(flows.meetings, (part) => part.close());
    // Not awaited: loading the media workers can take minutes.
    flows.meetings
      .resume()
      .catch((error: unknown) => log.error({ err: error }, 'calls of an earlier process were not resumed'));
    await bot.start(flows.requests);
    log.info({ listening: http.url }, 'Parley is up');
    return { url: http.url, lost: storage.lost, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
};

/** Longer than any meeting: browsers get no new credentials during one. */
const TURN_VALID_FOR_MS = 24 * 3_600_000;

const iceServers = ({ meetings: { turn } }: CompleteConfig, personId: string, nowMs: number) =>
  turn === null ? [] : [turnServer({ ...turn, personId, nowMs, validForMs: TURN_VALID_FOR_MS })];

/** As in `trustedLinkHosts`: IPv6 in brackets, always with the port. */
const hostAndPort = (hostname: string, port: number): string =>
  `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
