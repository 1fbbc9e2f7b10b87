import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { TransportListenInfo, WebRtcServer, Worker } from 'mediasoup/types';
import { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';

/** Where browsers send their media. */
export interface MediaListen {
  /** The address to bind: 0.0.0.0 for all. */
  readonly ip: string;
  /** What browsers are told instead of `ip`: the public address, or a name. Needed whenever `ip` is not reachable. */
  readonly announcedAddress?: string;
  /** Worker number n takes this port + n, UDP and TCP. Left out, each takes any free ones (on loopback, in tests). */
  readonly portBase?: number;
}

/** A worker process with its one way in. */
export interface MediaWorker {
  /** 0 to count - 1; a worker that replaces a dead one has its number and ports. */
  readonly index: number;
  readonly worker: Worker;
  readonly webRtcServer: WebRtcServer;
  /** What it carries, in consumers; whoever adds takes away again. */
  addLoad(consumers: number): void;
}

export interface Workers {
  /** How many there are when all live. */
  readonly count: number;
  /** Of the living. */
  pids(): readonly number[];
  /** How many have died so far. */
  deaths(): number;
  /**
   * The living worker that carries least, other than `except`; null when all that live are excepted. While none
   * lives it waits for the next one.
   * @throws AppError `media-failed` when none comes up
   */
  leastLoaded(except?: ReadonlySet<MediaWorker>): Promise<MediaWorker | null>;
  /** Ends all, and with them whatever is left in them. Idempotent. */
  close(): void;
}

/** A router without consumers weighs as much: its meeting is about to grow. */
const ROUTER_LOAD = 10;
/** A worker starts in some 30 ms; the kernel may need a moment more to give a dead one's ports back. */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;
/** How long a meeting waits for a worker when all died at once. */
const REVIVAL_LIMIT_MS = 5_000;

interface Slot {
  readonly worker: MediaWorker;
  load: number;
}

/**
 * Starts the workers. A worker that dies is noticed at once and replaced; rooms hear of it from their routers.
 * @throws AppError `media-failed` when they do not start, with what to do
 */
export const createWorkers = async (options: {
  readonly workerBin: string;
  /** One a core by default: a worker is one thread. */
  readonly count?: number;
  readonly listen: MediaListen;
  readonly log: Log;
}): Promise<Workers> => {
  const { log, count = availableParallelism() } = options;
  const slots = new Map<number, Slot>();
  let closed = false;
  let deaths = 0;
  let revival = Promise.withResolvers<void>();

  const open = async (index: number): Promise<void> => {
    const worker = await createWorker({ workerBin: options.workerBin, logLevel: 'warn' });
    try {
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: listenInfos(options.listen, index),
      });
      const slot: Slot = {
        worker: {
          index,
          worker,
          webRtcServer,
          addLoad: (consumers) => {
            slot.load += consumers;
          },
        },
        load: 0,
      };
      worker.observer.on('newrouter', (router) => {
        slot.load += ROUTER_LOAD;
        router.observer.once('close', () => {
          slot.load -= ROUTER_LOAD;
        });
      });
      worker.on('died', () => {
        slots.delete(index);
        deaths += 1;
        log.error({ worker: index, pid: worker.pid }, 'a media worker died');
        void replace(index);
      });
      if (worker.closed) throw new Error('the worker ended while it started');
      slots.set(index, slot);
    } catch (error) {
      worker.close();
      throw error;
    }
  };

  const replace = async (index: number): Promise<void> => {
    for (let pauseMs = FIRST_RETRY_MS; !closed; pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS)) {
      try {
        await open(index);
        log.info({ worker: index }, 'a media worker took the place of the dead one');
        if (closed) closeAll();
        revival.resolve();
        revival = Promise.withResolvers<void>();
        return;
      } catch (error) {
        log.error({ err: error, worker: index }, 'a media worker did not start');
        await wait(pauseMs, undefined, { ref: false });
      }
    }
  };

  const closeAll = (): void => {
    for (const { worker } of slots.values()) worker.worker.close();
    slots.clear();
  };

  const opened = await Promise.allSettled(Array.from({ length: count }, (_, index) => open(index)));
  const failure = opened.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    closed = true;
    closeAll();
    throw startFailed(failure.reason, options.listen, count);
  }

  return {
    count,
    pids: () => [...slots.values()].map(({ worker }) => worker.worker.pid),
    deaths: () => deaths,
    async leastLoaded(except) {
      if (slots.size === 0 && !closed) {
        await Promise.race([revival.promise, wait(REVIVAL_LIMIT_MS, undefined, { ref: false })]);
      }
      if (slots.size === 0) throw noWorker();
      let best: Slot | null = null;
      for (const slot of slots.values()) {
        if (!except?.has(slot.worker) && (best === null || slot.load < best.load)) best = slot;
      }
      return best?.worker ?? null;
    },
    close() {
      closed = true;
      closeAll();
      revival.resolve();
    },
  };
};

const listenInfos = (listen: MediaListen, index: number): TransportListenInfo[] =>
  // UDP first, so that its candidates are preferred; TCP is for networks that let nothing else through.
  (['udp', 'tcp'] as const).map((protocol) => ({
    protocol,
    ip: listen.ip,
    ...(listen.announcedAddress === undefined ? {} : { announcedAddress: listen.announcedAddress }),
    ...(listen.portBase === undefined ? {} : { port: listen.portBase + index }),
  }));

const startFailed = (cause: unknown, { ip, portBase }: MediaListen, count: number): AppError => {
  const ports =
    portBase === undefined ? 'ports' : `ports ${portBase} to ${portBase + count - 1}, UDP and TCP,`;
  return new AppError({
    code: 'media-failed',
    retryable: false,
    userMessage: `Parley’s media workers could not start on ${ip}. Check that this machine has that address and that the ${ports} are free.`,
    cause,
  });
};

const noWorker = (): AppError =>
  new AppError({
    code: 'media-failed',
    retryable: true,
    userMessage: 'Parley’s media workers stopped and do not come back.',
  });
