import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { TransportListenInfo, WebRtcServer, Worker } from 'mediasoup/types';
import { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { NO_MEDIA_WORKER, workersDidNotStart } from './sentences.ts';

/** Where browsers send their media. */
export interface MediaListen {
  /** The address to bind: 0.0.0.0 for all. */
  readonly ip: string;
  /** The address or name given to browsers instead of `ip`. Needed when `ip` is not reachable for them. */
  readonly announcedAddress?: string;
  /** Worker number n uses this port + n, UDP and TCP. Without it, any free ports (on loopback, in tests). */
  readonly portBase?: number;
}

/** A worker process and its WebRTC server. */
export interface MediaWorker {
  /** 0 to count - 1; a replacement has the number and ports of the dead one. */
  readonly index: number;
  readonly worker: Worker;
  readonly webRtcServer: WebRtcServer;
  /** In consumers; what is added has to be subtracted again. */
  addLoad(consumers: number): void;
}

export interface Workers {
  /** How many there are when all live. */
  readonly count: number;
  /** Of the workers that live. */
  pids(): readonly number[];
  /** How many have died so far. */
  deaths(): number;
  /**
   * The living worker with the least load, other than `except`; null when all that live are excepted. While none lives
   * it waits for the next one.
   * @throws AppError `media-failed` when none starts
   */
  leastLoaded(except?: ReadonlySet<MediaWorker>): Promise<MediaWorker | null>;
  /** Ends all workers, with everything in them. Idempotent. */
  close(): void;
}

/** Of a router without consumers: its meeting is about to grow. */
const ROUTER_LOAD = 10;
/** A worker starts in some 30 ms; the kernel may take longer to free the ports of a dead one. */
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 1_000;
/** How long a meeting waits for a worker when all died at once. */
const RESTART_TIMEOUT_MS = 5_000;

interface Slot {
  readonly worker: MediaWorker;
  load: number;
}

/**
 * Starts the workers. A worker that dies is replaced at once; rooms are notified by their routers.
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
  let restarted = Promise.withResolvers<void>();

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
    for (let pauseMs = FIRST_RETRY_MS; !closed; pauseMs = Math.min(2 * pauseMs, MAX_RETRY_MS)) {
      try {
        await open(index);
        log.info({ worker: index }, 'a media worker was replaced');
        if (closed) closeAll();
        restarted.resolve();
        restarted = Promise.withResolvers<void>();
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
        await Promise.race([restarted.promise, wait(RESTART_TIMEOUT_MS, undefined, { ref: false })]);
      }
      if (slots.size === 0) throw workersGone();
      let best: Slot | null = null;
      for (const slot of slots.values()) {
        if (!except?.has(slot.worker) && (best === null || slot.load < best.load)) best = slot;
      }
      return best?.worker ?? null;
    },
    close() {
      closed = true;
      closeAll();
      restarted.resolve();
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
    userMessage: workersDidNotStart(ip, ports),
    cause,
  });
};

const workersGone = (): AppError =>
  new AppError({
    code: 'media-failed',
    retryable: true,
    userMessage: NO_MEDIA_WORKER,
  });
