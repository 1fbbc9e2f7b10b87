import { toAppError } from './core/error.ts';
import type { Log } from './core/ports.ts';
import { createWorkers, type MediaListen, type Workers } from './media/index.ts';

/** What meetings need besides the program; obtaining it can take minutes the first time. */
export interface MeetingDependencies {
  /** The path of mediasoup's worker, or a sentence that says why there is none. Stops when `signal` aborts. */
  readonly worker: (signal: AbortSignal) => Promise<{ readonly bin: string } | { readonly missing: string }>;
  /** The directory of the built page. */
  readonly page: () => Promise<string>;
}

/** The media workers and the built pages, loaded in the background while the rest of Parley is up. */
export interface MeetingMedia {
  workers(): Workers | { readonly missing: string };
  pageDir(): string | null;
  /** Resolves once it is known whether meetings are possible. */
  readonly settled: Promise<void>;
  close(): Promise<void>;
}

const LOADING = 'Meetings are being set up. Try again in a few minutes.';
const NO_ADDRESS =
  'Meetings aren’t set up yet. Your Parley admin needs to set MEDIA_ANNOUNCED_ADDRESS to this server’s public address.';
const NO_PAGE =
  'Meetings aren’t available: the meeting page could not be built. Your Parley admin can find the reason in the log.';

export const startMeetingMedia = (options: {
  readonly dependencies: MeetingDependencies;
  /** The HTTP server's address; media listens there too unless an address is announced. */
  readonly host: string;
  readonly announcedAddress: string | null;
  readonly portBase: number | null;
  readonly log: Log;
}): MeetingMedia => {
  const { dependencies, log } = options;
  const stopping = new AbortController();
  let workers: Workers | { readonly missing: string } = { missing: LOADING };
  let directory: string | null = null;

  const loadWorkers = async (): Promise<Workers | { readonly missing: string }> => {
    const listen = listenOn(options);
    if (listen === null) return { missing: NO_ADDRESS };
    const obtained = await dependencies.worker(stopping.signal);
    if ('missing' in obtained) return obtained;
    return await createWorkers({ workerBin: obtained.bin, listen, log });
  };
  const load = async (): Promise<void> => {
    const [loaded, built] = await Promise.all([
      loadWorkers().catch((error: unknown) => {
        log.error({ err: error }, 'the media workers did not start');
        return { missing: toAppError(error).userMessage };
      }),
      dependencies.page().catch((error: unknown) => {
        log.error({ err: error }, 'the meeting page could not be built');
        return null;
      }),
    ]);
    directory = built;
    if ('missing' in loaded) log.warn({ why: loaded.missing }, 'meetings are not available');
    else if (stopping.signal.aborted) loaded.close();
    workers = built === null && !('missing' in loaded) ? noPage(loaded) : loaded;
  };
  const settled = load();

  return {
    workers: () => workers,
    pageDir: () => directory,
    settled,
    async close() {
      stopping.abort();
      await settled;
      if (!('missing' in workers)) workers.close();
    },
  };
};

const noPage = (workers: Workers): { readonly missing: string } => {
  workers.close();
  return { missing: NO_PAGE };
};

/** Null when there is no address to announce to browsers. */
const listenOn = ({
  host,
  announcedAddress,
  portBase,
}: {
  readonly host: string;
  readonly announcedAddress: string | null;
  readonly portBase: number | null;
}): MediaListen | null => {
  const ports = portBase === null ? {} : { portBase };
  // With an announced address media is reached from outside, while the HTTP server may be behind a proxy on loopback.
  if (announcedAddress !== null) return { ip: '0.0.0.0', announcedAddress, ...ports };
  if (host === '0.0.0.0' || host === '::') return null;
  return { ip: host === 'localhost' ? '127.0.0.1' : host, ...ports };
};
