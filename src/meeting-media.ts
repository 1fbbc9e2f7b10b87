import { toAppError } from './core/error.ts';
import type { Log } from './core/ports.ts';
import { createWorkers, type MediaListen, type Workers } from './media/index.ts';

/** What meetings need besides Parley itself, which may take minutes to get the first time. */
export interface MeetingMaterials {
  /** Where mediasoup's worker is, or why it is not, as a sentence. Stops when `signal` aborts. */
  readonly worker: (signal: AbortSignal) => Promise<{ readonly bin: string } | { readonly missing: string }>;
  /** The directory of the built page. */
  readonly page: () => Promise<string>;
}

/** The workers and the page, gotten in the background: the rest of Parley is up meanwhile, and without them. */
export interface MeetingMedia {
  workers(): Workers | { readonly missing: string };
  pageDir(): string | null;
  /** Resolves when it is known whether meetings can be held. */
  readonly settled: Promise<void>;
  close(): Promise<void>;
}

const COMING =
  'Meetings are being made ready, which can take a few minutes the first time. Please try again then.';
const NO_ADDRESS =
  'Meetings need to know where browsers reach this machine: whoever runs Parley has to set MEDIA_ANNOUNCED_ADDRESS.';
const NO_PAGE = 'The page for meetings could not be built: see Parley’s log. Then start Parley again.';

export const startMeetingMedia = (options: {
  readonly materials: MeetingMaterials;
  /** Of the HTTP server: media is where that is, unless an address is announced. */
  readonly host: string;
  readonly announcedAddress: string | null;
  readonly portBase: number | null;
  readonly log: Log;
}): MeetingMedia => {
  const { materials, log } = options;
  const stopping = new AbortController();
  let workers: Workers | { readonly missing: string } = { missing: COMING };
  let directory: string | null = null;

  const getWorkers = async (): Promise<Workers | { readonly missing: string }> => {
    const listen = listenOn(options);
    if (listen === null) return { missing: NO_ADDRESS };
    const obtained = await materials.worker(stopping.signal);
    if ('missing' in obtained) return obtained;
    return await createWorkers({ workerBin: obtained.bin, listen, log });
  };
  const settle = async (): Promise<void> => {
    const [gotten, built] = await Promise.all([
      getWorkers().catch((error: unknown) => {
        log.error({ err: error }, 'the media workers did not start');
        return { missing: toAppError(error).userMessage };
      }),
      materials.page().catch((error: unknown) => {
        log.error({ err: error }, 'the page of meetings could not be built');
        return null;
      }),
    ]);
    directory = built;
    if ('missing' in gotten) log.warn({ why: gotten.missing }, 'no meetings');
    else if (stopping.signal.aborted) gotten.close();
    workers = built === null && !('missing' in gotten) ? noPage(gotten) : gotten;
  };
  const settled = settle();

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

/** Null when browsers could not be told where to send their media. */
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
  // Whatever announces itself is reached from outside, where the HTTP server may well be behind a proxy on loopback.
  if (announcedAddress !== null) return { ip: '0.0.0.0', announcedAddress, ...ports };
  if (host === '0.0.0.0' || host === '::') return null;
  return { ip: host === 'localhost' ? '127.0.0.1' : host, ...ports };
};
