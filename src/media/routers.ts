import type { Producer, Router } from 'mediasoup/types';
import { ROOM_CODECS } from './codecs.ts';
import type { MediaWorker, Workers } from './workers.ts';

/** One of a room's routers; most rooms have one. */
export interface RoomRouter {
  readonly router: Router;
  readonly worker: MediaWorker;
  /** Consumers in it at the moment, pipes and taps included. */
  consumers(): number;
}

export interface Routers {
  /** The oldest, where levels are observed; null while none lives. */
  main(): RoomRouter | null;
  /**
   * The router for a new participant who will receive about `streams` streams: the least loaded one, or a further one
   * on another worker when that would exceed its limit and there is another worker.
   */
  assign(streams: number): Promise<RoomRouter>;
  /** Makes a producer of one router available, under the same id, in another. */
  pipe(producer: Producer, from: RoomRouter, to: RoomRouter): Promise<void>;
  /** Idempotent; closes everything in the routers. */
  close(): void;
}

/** The routers of one room, at most one a worker, and the pipes between them. */
export const createRouters = (options: {
  readonly workers: Workers;
  readonly maxConsumersPerRouter: number;
  /** Called with a router whose worker died. */
  readonly lost: (roomRouter: RoomRouter) => void;
}): Routers => {
  const { workers, maxConsumersPerRouter, lost } = options;
  const open: RoomRouter[] = [];
  const pipes = new Map<string, Promise<unknown>>();
  let closed = false;
  // One assignment after the other, so that two at once do not each open a router.
  let assigning: Promise<unknown> = Promise.resolve();

  const openOn = async (worker: MediaWorker): Promise<RoomRouter> => {
    const router = await worker.worker.createRouter({ mediaCodecs: [...ROOM_CODECS] });
    if (closed) {
      router.close();
      throw new Error('the room closed');
    }
    const roomRouter: RoomRouter = { router, worker, consumers: countConsumers(router, worker) };
    router.once('workerclose', () => {
      open.splice(open.indexOf(roomRouter), 1);
      if (!closed) lost(roomRouter);
    });
    open.push(roomRouter);
    return roomRouter;
  };

  const choose = async (streams: number): Promise<RoomRouter> => {
    const [emptiest] = [...open].sort((a, b) => a.consumers() - b.consumers());
    if (emptiest !== undefined && emptiest.consumers() + streams <= maxConsumersPerRouter) return emptiest;
    const other = await workers.leastLoaded(new Set(open.map(({ worker }) => worker)));
    if (other !== null) return openOn(other);
    // Every worker has a router of this room already: an overloaded one is better than none.
    if (emptiest !== undefined && !emptiest.router.closed) return emptiest;
    throw new Error('no worker for another router');
  };

  return {
    main: () => open[0] ?? null,
    assign(streams) {
      const assigned = assigning.then(() => choose(streams));
      assigning = assigned.catch(() => {});
      return assigned;
    },
    async pipe(producer, from, to) {
      if (from === to) return;
      const key = `${producer.id} ${to.router.id}`;
      const known = pipes.get(key);
      if (known !== undefined) {
        await known;
        return;
      }
      const pipe = from.router.pipeToRouter({ producerId: producer.id, router: to.router });
      pipes.set(key, pipe);
      const forget = (): void => void pipes.delete(key);
      producer.observer.once('close', forget);
      to.router.observer.once('close', forget);
      pipe.catch(forget);
      await pipe;
    },
    close() {
      closed = true;
      for (const { router } of open) router.close();
      open.length = 0;
    },
  };
};

const countConsumers = (router: Router, worker: MediaWorker): (() => number) => {
  let count = 0;
  const add = (change: number): void => {
    count += change;
    worker.addLoad(change);
  };
  router.observer.on('newtransport', (transport) => {
    transport.observer.on('newconsumer', (consumer) => {
      add(1);
      consumer.observer.once('close', () => add(-1));
    });
  });
  return () => count;
};
