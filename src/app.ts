import { randomUUID } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { createBot } from './bot/index.ts';
import { createCharts, startChartRenderer } from './charts/index.ts';
import type { Config, SlackConfig } from './config.ts';
import type { ConversationId } from './core/ids.ts';
import type { Clock, Log } from './core/ports.ts';
import { createFlows } from './flows/index.ts';
import { type HttpServer, startHttp } from './http.ts';
import { createLinks } from './links/index.ts';
import { createMetrics } from './metrics.ts';
import { createSampleRoutes } from './samples/routes.ts';
import { signSample } from './samples/token.ts';
import { createSpeech } from './speech/index.ts';
import { openStorage } from './storage/index.ts';

/** A configuration in which every provider is there, real or stood in for. */
export interface CompleteConfig extends Config {
  readonly slack: SlackConfig;
  readonly deepgram: { readonly apiKey: string; readonly url: string };
  readonly secret: string;
  /**
   * The places, as `host:port`, that the link guard lets through though they are not public: the local workspace's
   * own. Nothing else on this machine may be read through a link.
   */
  readonly trustedLinkHosts: readonly string[];
}

export interface App {
  readonly url: string;
  close(): Promise<void>;
}

/** Running transcriptions get this long to end before they are cut off; they start again with the next process. */
const GRACE_MS = 10_000;

/** Puts the house together and opens it. What opened is closed again when a later part fails to open. */
export const startApp = async (
  config: CompleteConfig,
  { log, clock }: { log: Log; clock: Clock },
): Promise<App> => {
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  /** In reverse order of opening; idempotent. */
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const closer of closers.reverse()) {
        await closer().catch((error: unknown) => log.error({ err: error }, 'part did not close'));
      }
    })();
    return closing;
  };
  const opened = <T>(part: T, closer: (part: T) => Promise<void>): T => {
    closers.push(() => closer(part));
    return part;
  };

  try {
    const storage = opened(
      await openStorage({
        ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
        dataDir: `${config.dataDir}/database`,
        clock,
        log,
      }),
      (part) => part.close(),
    );
    const chartsUrl =
      config.quickchartUrl ?? opened(await startChartRenderer({ log }), (part) => part.close()).url;
    const bot = opened(await createBot({ config: config.slack, log, clock }), (part) => part.close());
    const secret = new TextEncoder().encode(config.secret);
    const links = opened(
      createLinks({
        allowPrivate: ({ hostname, port }) => config.trustedLinkHosts.includes(hostAndPort(hostname, port)),
        log,
      }),
      (part) => part.close(),
    );
    const speech = opened(
      createSpeech({ apiKey: config.deepgram.apiKey, baseUrl: config.deepgram.url, log }),
      (part) => part.close(),
    );
    let http: HttpServer | null = null;
    const publicUrl = () =>
      config.publicUrl ?? (config.trustedLinkHosts.length > 0 ? (http?.url ?? null) : null);
    const flows = createFlows({
      store: storage.store,
      chat: bot.chat,
      links,
      speech,
      charts: createCharts({ url: chartsUrl, log }),
      clock,
      log,
      newId: () => randomUUID() as ConversationId,
      sampleUrl: async (sample, nowMs) => {
        const base = publicUrl();
        return base === null ? null : `${base}/samples/${await signSample(sample, secret, nowMs)}`;
      },
    });
    const metrics = createMetrics(() => bot.connected());
    http = opened(
      await startHttp({
        host: config.host,
        port: config.port,
        slack: bot.requestListener,
        samples: createSampleRoutes({ store: storage.store, chat: bot.chat, links, secret, clock, log }),
        metrics,
        ready: async () => bot.connected() && (await storage.store.check()),
        log,
      }),
      (part) => part.close(),
    );
    await storage.queue.work(metrics.measured(flows.handlers), { concurrency: config.transcribeConcurrency });
    opened(storage.queue, (queue) => queue.stop(GRACE_MS));
    await bot.start(flows.requests);
    log.info({ listening: http.url }, 'Parley is up');
    return { url: http.url, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** As `trustedLinkHosts` writes it: IPv6 in brackets, and the port always there. */
const hostAndPort = (hostname: string, port: number): string =>
  `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
