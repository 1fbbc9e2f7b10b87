import { openAdapters, openTelephony } from './app/adapters.ts';
import { composeFlows } from './app/flows.ts';
import { openMedia } from './app/media.ts';
import { type CompleteConfig, createStarting, type Starting } from './app/starting.ts';
import { openWeb } from './app/web.ts';
import type { AppError } from './core/error.ts';
import type { Clock, Log } from './core/ports.ts';
import type { MeetingDependencies } from './meeting-media.ts';
import { createMetrics } from './metrics.ts';

export interface App {
  readonly url: string;
  /** Resolves when only a new process can continue (the database is lost), to an error for the administrator. */
  readonly lost: Promise<AppError>;
  /** Closes every part, whatever fails. Idempotent. @throws SuppressedError or the one error when a part failed to close */
  close(): Promise<void>;
}

/** Running jobs get this long to end before they are cut off; the next process repeats them. */
const GRACE_MS = 10_000;

interface Surroundings {
  readonly log: Log;
  readonly clock: Clock;
  readonly dependencies: MeetingDependencies;
}

/** The composition root. Parts that opened are closed again when a later one fails to open. */
export const startApp = async (config: CompleteConfig, surroundings: Surroundings): Promise<App> => {
  const parts = new AsyncDisposableStack();
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= parts.disposeAsync();
    return closing;
  };
  try {
    return { ...(await openParts(config, surroundings, parts)), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
};

const openParts = async (
  config: CompleteConfig,
  { log, clock, dependencies }: Surroundings,
  parts: AsyncDisposableStack,
): Promise<Omit<App, 'close'>> => {
  let httpUrl: string | null = null;
  const starting: Starting = createStarting({ config, clock, log, parts, httpUrl: () => httpUrl });
  const metrics = createMetrics({
    connected: () => adapters.bot.connected(),
    live: () => adapters.speech.figures(),
    media: () => media.rooms.stats(),
    telephony: () => telephony?.figures() ?? null,
  });
  const adapters = await openAdapters(starting, (delayMs) => metrics.observeCaptionDelay(delayMs));
  const media = openMedia(starting, dependencies);
  const telephony = openTelephony(starting);
  const { storage, bot } = adapters;
  const flows = composeFlows(starting, adapters, {
    store: metrics.counted(storage.store),
    rooms: media.rooms,
    telephony,
  });
  const http = await openWeb(starting, { adapters, media, telephony, flows, metrics });
  httpUrl = http.url;
  await storage.queue.work(metrics.measured(flows.handlers), { concurrency: config.transcribeConcurrency });
  starting.opened(storage.queue, (queue) => queue.stop(GRACE_MS));
  // Opened last, so closed first: participants wait to be redirected.
  starting.opened(flows.meetings, (part) => part.close());
  // Not awaited: loading the media workers can take minutes.
  flows.meetings
    .resume()
    .catch((error: unknown) => log.error({ err: error }, 'calls of an earlier process were not resumed'));
  await bot.start(flows.requests);
  log.info({ listening: http.url }, 'Parley is up');
  return { url: http.url, lost: storage.lost };
};
