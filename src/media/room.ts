import { generateRouterRtpCapabilities, validateAndNormalizeRtpCapabilities } from 'mediasoup/ortc';
import type { RtpCapabilities } from 'mediasoup/types';
import type { Log } from '../core/ports.ts';
import { ROOM_CODECS } from './codecs.ts';
import { type Levels, observeLevels } from './levels.ts';
import { Peer, type PeerListener, type Sent } from './peer.ts';
import { openPhone, type Phone } from './phones/phone.ts';
import { Refused } from './refused.ts';
import { createRouters, type RoomRouter, type Routers } from './routers.ts';
import { openTap, type Tap, type TapListener } from './tap.ts';
import type { Workers } from './workers.ts';

export interface RoomListener {
  /** Who is heard right now, loudest first; empty when nobody is. Four times a second while somebody is. */
  readonly levels: (levels: readonly { readonly peerId: string; readonly dbov: number }[]) => void;
  readonly activeSpeaker: (peerId: string) => void;
  /** Somebody began to send. */
  readonly opened: (sent: Sent) => void;
  /** And ended it, or left, or lost it with a worker. */
  readonly closed: (sent: Sent) => void;
}

export interface RoomLimits {
  readonly peers: number;
  /** A router that would carry more gets a companion on another worker. */
  readonly consumersPerRouter: number;
}

/**
 * mediasoup's makers plan with some 500 consumers a worker, video among them. A newcomer adds to what the others
 * receive as well, so this leaves room for it.
 */
export const ROOM_LIMITS: RoomLimits = { peers: 100, consumersPerRouter: 400 };

/**
 * Where the media of one meeting meets: who sends reaches everybody else. Whose worker dies is told (`lost`) and
 * may be added again at once; the room itself goes on.
 */
export class Room {
  readonly #routers: Routers;
  readonly #limits: RoomLimits;
  readonly #on: RoomListener;
  readonly #log: Log;
  readonly #nowMs: () => number;
  readonly #peers = new Map<string, Peer>();
  readonly #phones = new Set<Phone>();
  readonly #sent = new Map<string, Sent>();
  #levels: { readonly hall: RoomRouter; readonly ready: Promise<Levels> } | null = null;
  #closed = false;

  /**
   * Opens a room on the least loaded worker.
   * @throws AppError `media-failed` when no worker lives
   */
  static async create(options: {
    readonly workers: Workers;
    readonly limits?: RoomLimits;
    readonly on: RoomListener;
    readonly log: Log;
    /** What arrival times of tapped packets are told by; monotonic. */
    readonly nowMs: () => number;
  }): Promise<Room> {
    const room = new Room(options);
    try {
      await room.#routers.place(0);
    } catch (error) {
      room.close();
      throw error;
    }
    return room;
  }

  private constructor(options: {
    readonly workers: Workers;
    readonly limits?: RoomLimits;
    readonly on: RoomListener;
    readonly log: Log;
    readonly nowMs: () => number;
  }) {
    this.#limits = options.limits ?? ROOM_LIMITS;
    this.#on = options.on;
    this.#log = options.log;
    this.#nowMs = options.nowMs;
    this.#routers = createRouters({
      workers: options.workers,
      maxConsumersPerRouter: this.#limits.consumersPerRouter,
      lost: (hall) => {
        for (const one of [...this.#peers.values(), ...this.#phones]) if (one.hall === hall) one.lose();
      },
    });
  }

  /** What a browser loads its device with. The same in all routers and rooms. */
  get rtpCapabilities(): RtpCapabilities {
    return generateRouterRtpCapabilities([...ROOM_CODECS]);
  }

  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  /**
   * Adds somebody, in place of an earlier peer of this id. It receives what is sent as soon as it has a transport
   * to receive on.
   * @throws Refused `full`, or `unsupported` for capabilities that no browser has
   */
  async addPeer(options: {
    readonly id: string;
    readonly rtpCapabilities: RtpCapabilities;
    readonly on: PeerListener;
  }): Promise<Peer> {
    const { id } = options;
    const rtpCapabilities = checkCapabilities(options.rtpCapabilities);
    if (!this.#peers.has(id) && this.#peers.size >= this.#limits.peers) {
      throw new Refused('full', `This meeting is full: it takes ${this.#limits.peers} people.`);
    }
    this.#peers.get(id)?.close();
    const others = [...this.#sent.values()].filter(({ sender }) => sender.id !== id);
    const hall = await this.#routers.place(others.length);
    const owner = {
      receives: (receiver: Peer) => {
        for (const sent of this.#sent.values()) this.#deliver(sent, receiver);
      },
      sends: (sent: Sent) => this.#send(sent),
      closed: () => {
        if (this.#peers.get(id) === peer) this.#peers.delete(id);
      },
    };
    const peer = new Peer({ id, hall, rtpCapabilities, on: options.on, owner });
    if (this.#closed) throw new Refused('wrong-order', 'The meeting has ended.');
    // Somebody with this id may have come while this one waited for a router.
    this.#peers.get(id)?.close();
    this.#peers.set(id, peer);
    return peer;
  }

  /**
   * Brings a telephone's sound in. It receives nothing here.
   * @param options.lost its media is gone with its worker; the telephone may be added again
   */
  async addPhone(options: {
    readonly id: string;
    readonly paused: boolean;
    readonly lost: () => void;
  }): Promise<Phone> {
    const phone = await openPhone({
      ...options,
      hall: await this.#routers.place(0),
      closed: (closed) => void this.#phones.delete(closed),
      nowMs: this.#nowMs,
    });
    const microphone = phone.sent.get('microphone');
    if (this.#closed || microphone === undefined) {
      phone.close();
      throw new Refused('wrong-order', 'The meeting has ended, or its media worker has.');
    }
    this.#phones.add(phone);
    this.#send(microphone);
    return phone;
  }

  /** Listens to a microphone, for captions or telephones. */
  async tap(sent: Sent, on: TapListener): Promise<Tap> {
    return await openTap(sent.sender.hall.router, sent.producer, { on, nowMs: this.#nowMs });
  }

  /**
   * Peers first, so that each stream tells its listeners that it ended while the rest is still there; then the
   * routers, with pipes and observers. Idempotent.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const one of [...this.#peers.values(), ...this.#phones]) one.close();
    this.#routers.close();
  }

  #send(sent: Sent): void {
    const { producer } = sent;
    this.#sent.set(producer.id, sent);
    producer.observer.once('close', () => {
      this.#sent.delete(producer.id);
      this.#on.closed(sent);
    });
    this.#on.opened(sent);
    for (const receiver of this.#peers.values()) this.#deliver(sent, receiver);
    if (sent.source === 'microphone') void this.#observe(sent);
  }

  #deliver(sent: Sent, receiver: Peer): void {
    const reach = () => this.#routers.reach(sent.producer, sent.sender.hall, receiver.hall);
    receiver.receive(sent, reach).catch((error: unknown) => {
      if (!this.#closed) this.#log.error({ err: error }, 'a stream did not reach a peer');
    });
  }

  /** Has a microphone watched in the main router, opening the observers there when they are not, or died. */
  async #observe(sent: Sent): Promise<void> {
    const hall = this.#routers.main();
    if (hall === null) return;
    let watched: readonly Sent[] = [sent];
    if (this.#levels?.hall !== hall) {
      const ready = observeLevels(hall.router, {
        levels: (levels) =>
          this.#on.levels(
            levels.flatMap(({ producerId, dbov }) => {
              const peerId = this.#sent.get(producerId)?.sender.id;
              return peerId === undefined ? [] : [{ peerId, dbov }];
            }),
          ),
        activeSpeaker: (producerId) => {
          const peerId = this.#sent.get(producerId)?.sender.id;
          if (peerId !== undefined) this.#on.activeSpeaker(peerId);
        },
      });
      this.#levels = { hall, ready };
      watched = [...this.#sent.values()].filter(({ source }) => source === 'microphone');
    }
    const { ready } = this.#levels;
    for (const each of watched) {
      try {
        await this.#routers.reach(each.producer, each.sender.hall, hall);
        await (await ready).add(each.producer.id);
      } catch (error) {
        if (each.producer.closed || hall.router.closed) continue;
        this.#log.warn({ err: error }, 'a microphone is not watched');
      }
    }
  }
}

/** A copy with everything filled in that browsers leave out. */
const checkCapabilities = (given: RtpCapabilities): RtpCapabilities => {
  const capabilities = structuredClone(given);
  try {
    validateAndNormalizeRtpCapabilities(capabilities);
  } catch (error) {
    throw new Refused('unsupported', 'Your browser described its media in a way that Parley does not know.', {
      cause: error,
    });
  }
  return capabilities;
};
