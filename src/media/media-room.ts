import { generateRouterRtpCapabilities, validateAndNormalizeRtpCapabilities } from 'mediasoup/ortc';
import type { RtpCapabilities } from 'mediasoup/types';
import type { Log } from '../core/ports.ts';
import { ROOM_CODECS } from './codecs.ts';
import { createLevelObserver, type LevelListener, type LevelObserver } from './levels.ts';
import { Peer, type PeerListener } from './peer.ts';
import { openPhone, type Phone } from './phones/phone.ts';
import { Refused } from './refused.ts';
import { createRouters, type Routers } from './routers.ts';
import { meetingFull, UNSUPPORTED_BROWSER } from './sentences.ts';
import type { SentStream } from './streams.ts';
import { openTap, type Tap, type TapListener } from './tap.ts';
import type { Workers } from './workers.ts';

/** Levels four times a second while someone speaks. */
export interface MediaRoomListener extends LevelListener {
  readonly opened: (sent: SentStream) => void;
  /** Its sender closed it, left, or lost it with a worker. */
  readonly closed: (sent: SentStream) => void;
}

export interface MediaRoomLimits {
  readonly peers: number;
  /** Beyond it the next participant gets a router on another worker. */
  readonly consumersPerRouter: number;
}

/**
 * mediasoup's authors plan with some 500 consumers a worker, video among them. A new participant adds to what the
 * others receive as well, so this leaves room for it.
 */
export const ROOM_LIMITS: MediaRoomLimits = { peers: 100, consumersPerRouter: 400 };

interface MediaRoomOptions {
  readonly workers: Workers;
  readonly limits?: MediaRoomLimits;
  readonly on: MediaRoomListener;
  readonly log: Log;
  /** Arrival times of tapped packets are on this clock; monotonic. */
  readonly nowMs: () => number;
}

/**
 * The media of one meeting: what each participant sends reaches all others. Those whose worker died are notified
 * (`lost`) and may be added again at once; the room itself stays open.
 */
export class MediaRoom {
  readonly #routers: Routers;
  readonly #levels: LevelObserver;
  readonly #limits: MediaRoomLimits;
  readonly #on: MediaRoomListener;
  readonly #log: Log;
  readonly #nowMs: () => number;
  readonly #peers = new Map<string, Peer>();
  readonly #phones = new Set<Phone>();
  /** By producer id. */
  readonly #streams = new Map<string, SentStream>();
  #closed = false;

  /**
   * Opens a room on the least loaded worker.
   * @throws AppError `media-failed` when no worker lives
   */
  static async create(options: MediaRoomOptions): Promise<MediaRoom> {
    const room = new MediaRoom(options);
    try {
      await room.#routers.assign(0);
    } catch (error) {
      room.close();
      throw error;
    }
    return room;
  }

  private constructor(options: MediaRoomOptions) {
    const { on, log, nowMs, limits = ROOM_LIMITS } = options;
    this.#limits = limits;
    this.#on = on;
    this.#log = log;
    this.#nowMs = nowMs;
    this.#routers = createRouters({
      workers: options.workers,
      maxConsumersPerRouter: limits.consumersPerRouter,
      lost: (roomRouter) => {
        for (const sender of [...this.#peers.values(), ...this.#phones])
          if (sender.roomRouter === roomRouter) sender.workerDied();
      },
    });
    this.#levels = createLevelObserver({ routers: this.#routers, streams: this.#streams, on, log });
  }

  /** What a browser loads its device with. The same in all routers and rooms. */
  get rtpCapabilities(): RtpCapabilities {
    return generateRouterRtpCapabilities([...ROOM_CODECS]);
  }

  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  /**
   * Adds a browser's media, in place of an earlier peer of this id. It receives what is sent as soon as it has a
   * transport to receive on.
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
      throw new Refused('full', { sentence: meetingFull(this.#limits.peers) });
    }
    this.#peers.get(id)?.close();
    const others = [...this.#streams.values()].filter(({ sender }) => sender.id !== id);
    const roomRouter = await this.#routers.assign(others.length);
    const owner = {
      readyToReceive: (receiver: Peer) => {
        for (const sent of this.#streams.values()) this.#deliver(sent, receiver);
      },
      streamOpened: (sent: SentStream) => this.#open(sent),
      closed: () => {
        if (this.#peers.get(id) === peer) this.#peers.delete(id);
      },
    };
    const peer = new Peer({ id, roomRouter, rtpCapabilities, on: options.on, owner });
    if (this.#closed) throw new Refused('wrong-order', { reason: 'the room closed' });
    // Another peer with this id may have been added while this one waited for a router.
    this.#peers.get(id)?.close();
    this.#peers.set(id, peer);
    return peer;
  }

  /**
   * Adds a phone's audio. Nothing is sent to the phone here.
   * @param options.lost its media is gone with its worker; the phone may be added again
   */
  async addPhone(options: {
    readonly id: string;
    readonly paused: boolean;
    readonly lost: () => void;
  }): Promise<Phone> {
    const phone = await openPhone({
      ...options,
      roomRouter: await this.#routers.assign(0),
      closed: (closed) => void this.#phones.delete(closed),
      nowMs: this.#nowMs,
    });
    const microphone = phone.sent.get('microphone');
    if (this.#closed || microphone === undefined) {
      phone.close();
      throw new Refused('wrong-order', { reason: 'the room closed, or its worker died' });
    }
    this.#phones.add(phone);
    this.#open(microphone);
    return phone;
  }

  /** Taps a microphone, for captions or phones. */
  async tap(sent: SentStream, on: TapListener): Promise<Tap> {
    return await openTap(sent.sender.roomRouter.router, sent.producer, { on, nowMs: this.#nowMs });
  }

  /**
   * Peers first, so that the listeners of each stream are called while the rest still exists; then the routers, with
   * pipes and observers. Idempotent.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const sender of [...this.#peers.values(), ...this.#phones]) sender.close();
    this.#routers.close();
  }

  #open(sent: SentStream): void {
    const { producer } = sent;
    this.#streams.set(producer.id, sent);
    producer.observer.once('close', () => {
      this.#streams.delete(producer.id);
      this.#on.closed(sent);
    });
    this.#on.opened(sent);
    for (const receiver of this.#peers.values()) this.#deliver(sent, receiver);
    if (sent.source === 'microphone') void this.#levels.observe(sent);
  }

  #deliver(sent: SentStream, receiver: Peer): void {
    const pipe = () => this.#routers.pipe(sent.producer, sent.sender.roomRouter, receiver.roomRouter);
    receiver.receive(sent, pipe).catch((error: unknown) => {
      if (!this.#closed) this.#log.error({ err: error }, 'a stream did not reach a peer');
    });
  }
}

/** A copy with the defaults that browsers leave out filled in. */
const checkCapabilities = (given: RtpCapabilities): RtpCapabilities => {
  const capabilities = structuredClone(given);
  try {
    validateAndNormalizeRtpCapabilities(capabilities);
  } catch (cause) {
    throw new Refused('unsupported', {
      sentence: UNSUPPORTED_BROWSER,
      reason: 'invalid capabilities',
      cause,
    });
  }
  return capabilities;
};
