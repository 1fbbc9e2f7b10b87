import type { Producer, Router } from 'mediasoup/types';
import { ROOM_CODECS } from './codecs.ts';
import type { MediaWorker, Workers } from './workers.ts';

/** One of a room's routers; nearly every room has one. */
export interface RoomRouter {
  readonly router: Router;
  readonly worker: MediaWorker;
  /** Streams that leave it at the moment, pipes and taps included. */
  consumers(): number;
}

export interface Routers {
  /** The oldest, where who speaks is observed; null while none lives. */
  main(): RoomRouter | null;
  /**
   * Where a newcomer goes who will receive about `streams` streams: the emptiest router, and a further one on
   * another worker when that would carry more than it may and there is another worker.
   */
  place(streams: number): Promise<RoomRouter>;
  /** Makes a producer of one router available, under the same id, in another. */
  reach(producer: Producer, from: RoomRouter, to: RoomRouter): Promise<void>;
  /** Idempotent; closes whatever is in the routers. */
  close(): void;
}

/** Keeps a room's routers, at most one a worker, and the pipes between them. `lost` is told of a router whose worker died. */
export const createRouters = (options: {
  readonly workers: Workers;
  readonly maxConsumersPerRouter: number;
  readonly lost: (hall: RoomRouter) => void;
}): Routers => {
  const { workers, maxConsumersPerRouter, lost } = options;
  const halls: RoomRouter[] = [];
  const pipes = new Map<string, Promise<unknown>>();
  let closed = false;
  // One newcomer after the other, so that two who come at once do not each open a router.
  let placing: Promise<unknown> = Promise.resolve();

  const open = async (worker: MediaWorker): Promise<RoomRouter> => {
    const router = await worker.worker.createRouter({ mediaCodecs: [...ROOM_CODECS] });
    if (closed) {
      router.close();
      throw new Error('the room closed');
    }
    const hall: RoomRouter = { router, worker, consumers: countConsumers(router, worker) };
    router.once('workerclose', () => {
      halls.splice(halls.indexOf(hall), 1);
      if (!closed) lost(hall);
    });
    halls.push(hall);
    return hall;
  };

  const choose = async (streams: number): Promise<RoomRouter> => {
    const [emptiest] = [...halls].sort((a, b) => a.consumers() - b.consumers());
    if (emptiest !== undefined && emptiest.consumers() + streams <= maxConsumersPerRouter) return emptiest;
    const other = await workers.leastLoaded(new Set(halls.map(({ worker }) => worker)));
    if (other !== null) return open(other);
    // Every worker carries a router of this room already: the fullest house still takes its guests.
    if (emptiest !== undefined && !emptiest.router.closed) return emptiest;
    throw new Error('no worker to place a router on');
  };

  return {
    main: () => halls[0] ?? null,
    place(streams) {
      const placed = placing.then(() => choose(streams));
      placing = placed.catch(() => {});
      return placed;
    },
    async reach(producer, from, to) {
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
      for (const { router } of halls) router.close();
      halls.length = 0;
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
