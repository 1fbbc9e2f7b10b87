import type {
  Consumer,
  ConsumerLayers,
  DtlsParameters,
  IceParameters,
  MediaKind,
  Producer,
  RtpCapabilities,
  RtpParameters,
  TransportTuple,
  WebRtcTransport,
} from 'mediasoup/types';
import { Refused } from './refused.ts';
import type { RoomRouter } from './routers.ts';

/** What somebody sends: at most one of each. */
export type Source = 'microphone' | 'camera' | 'screen';
/** As the peer's browser sees it: it sends on one transport and receives on the other. */
export type Direction = 'send' | 'receive';

/** A stream that somebody in the room sends. */
export interface Sent {
  readonly producer: Producer;
  readonly source: Source;
  readonly sender: Sender;
}

/** A stream that somebody receives. */
export interface Received {
  readonly consumer: Consumer;
  readonly sent: Sent;
}

/** Somebody's media in one router: a browser's, or a telephone's. */
export interface Sender {
  readonly id: string;
  readonly hall: RoomRouter;
  /** What is sent, by source. */
  readonly sent: ReadonlyMap<Source, Sent>;
  /** Idempotent. */
  close(): void;
}

/** What a peer hears of what it receives. */
export interface PeerListener {
  /** Opened paused: the page resumes it once it is ready to play, so that it does not miss the key frame. */
  readonly consumerOpened: (consumer: Consumer, sent: Sent) => void;
  readonly consumerClosed: (consumerId: string) => void;
  /** Its sender muted or unmuted. */
  readonly consumerPaused: (consumerId: string, paused: boolean) => void;
  /** Its media is gone with the worker that carried it. The peer is closed; a new one may be added. */
  readonly lost: () => void;
}

/** What the room hears of a peer. */
export interface PeerOwner {
  readonly receives: (peer: Peer) => void;
  readonly sends: (sent: Sent) => void;
  readonly closed: (peer: Peer) => void;
}

/** To begin with; the estimation goes up and down from here within seconds. Higher starts sharper and loses more on thin lines. */
const FIRST_OUTGOING_BITS_PER_S = 1_000_000;
/** Three layers of a 720p camera (1.7 Mbit/s), a sharp screen (2.5) and a voice. What exceeds it is the sender's own loss. */
const MOST_INCOMING_BITS_PER_S = 5_000_000;

const KIND: Readonly<Record<Source, MediaKind>> = { microphone: 'audio', camera: 'video', screen: 'video' };

/**
 * One person's media, in one router. Closing goes from the outside in: the transports close what goes through them,
 * each consumer and producer tells its listener, and last the room forgets the peer.
 */
export class Peer implements Sender {
  readonly id: string;
  readonly hall: RoomRouter;
  readonly rtpCapabilities: RtpCapabilities;
  readonly #on: PeerListener;
  readonly #owner: PeerOwner;
  readonly #transports = new Map<Direction, WebRtcTransport>();
  readonly #sent = new Map<Source, Sent>();
  readonly #received = new Map<string, Received>();
  #closed = false;

  constructor(options: {
    readonly id: string;
    readonly hall: RoomRouter;
    readonly rtpCapabilities: RtpCapabilities;
    readonly on: PeerListener;
    readonly owner: PeerOwner;
  }) {
    this.id = options.id;
    this.hall = options.hall;
    this.rtpCapabilities = options.rtpCapabilities;
    this.#on = options.on;
    this.#owner = options.owner;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get sent(): ReadonlyMap<Source, Sent> {
    return this.#sent;
  }

  /** What is received now, flowing or not. */
  get received(): Iterable<Received> {
    return this.#received.values();
  }

  /** Whether these are the transports it has, in both directions, and media can still go over them. */
  hasTransports(ids: Readonly<Record<Direction, string>>): boolean {
    return (['send', 'receive'] as const).every((direction) => {
      const transport = this.#transports.get(direction);
      return (
        transport?.id === ids[direction] &&
        !transport.closed &&
        transport.dtlsState !== 'failed' &&
        transport.dtlsState !== 'closed'
      );
    });
  }

  /** Over which network path media comes or goes, once it does. */
  tuple(direction: Direction): TransportTuple | undefined {
    return this.#transports.get(direction)?.iceSelectedTuple;
  }

  /** @throws Refused `wrong-order` when there is one in this direction */
  async createTransport(direction: Direction): Promise<WebRtcTransport> {
    if (this.#transports.has(direction)) {
      throw new Refused('wrong-order', `There is a transport to ${direction} already.`);
    }
    const transport = await this.hall.router.createWebRtcTransport({
      webRtcServer: this.hall.worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: FIRST_OUTGOING_BITS_PER_S,
    });
    if (this.#closed) {
      transport.close();
      throw new Refused('wrong-order', 'The meeting is over for this connection.');
    }
    this.#transports.set(direction, transport);
    if (direction === 'send') await transport.setMaxIncomingBitrate(MOST_INCOMING_BITS_PER_S);
    else this.#owner.receives(this);
    return transport;
  }

  async connectTransport(transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    const transport = this.#transport(transportId);
    if (transport.dtlsState !== 'new')
      throw new Refused('wrong-order', 'That transport is connected already.');
    await refuseBadMedia(transport.connect({ dtlsParameters }));
  }

  async restartIce(transportId: string): Promise<IceParameters> {
    return await this.#transport(transportId).restartIce();
  }

  /**
   * @throws Refused `wrong-order` for a second stream of the same source or before there is a transport,
   * `unsupported` for media that the room does not speak
   */
  async produce(options: {
    readonly source: Source;
    readonly rtpParameters: RtpParameters;
    readonly paused: boolean;
  }): Promise<Sent> {
    const { source, rtpParameters, paused } = options;
    const transport = this.#transports.get('send');
    if (transport === undefined) throw new Refused('wrong-order', 'There is no transport to send on yet.');
    if (this.#sent.has(source)) throw new Refused('wrong-order', `This ${source} is on already.`);
    const kind = KIND[source];
    // mediasoup believes the kind it is told; a tap would take a camera for a voice.
    if (!rtpParameters.codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`))) {
      throw new Refused('unsupported', `A ${source} sends ${kind} and nothing else.`);
    }
    const producer = await refuseBadMedia(transport.produce({ kind, rtpParameters, paused }));
    const sent: Sent = { producer, source, sender: this };
    this.#sent.set(source, sent);
    // A page whose line broke in the middle of this may have begun the same anew already, on its next line.
    producer.observer.once('close', () => this.#sent.get(source) === sent && this.#sent.delete(source));
    this.#owner.sends(sent);
    return sent;
  }

  /** Mutes or unmutes on the server: nobody, and no tap, gets another packet of a paused producer. */
  async setProducerPaused(producerId: string, paused: boolean): Promise<void> {
    const { producer } = this.#producer(producerId);
    await (paused ? producer.pause() : producer.resume());
  }

  closeProducer(producerId: string): void {
    this.#producer(producerId).producer.close();
  }

  /** Starts receiving what somebody else sends, if this peer can and is ready to. The room calls it once a stream. */
  async receive(sent: Sent, reach: () => Promise<void>): Promise<void> {
    const transport = this.#transports.get('receive');
    const { producer } = sent;
    if (transport === undefined || sent.sender.id === this.id) return;
    try {
      await reach();
      const { rtpCapabilities } = this;
      if (!this.hall.router.canConsume({ producerId: producer.id, rtpCapabilities })) return;
      const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true });
      this.#received.set(consumer.id, { consumer, sent });
      consumer.on('producerpause', () => this.#on.consumerPaused(consumer.id, true));
      consumer.on('producerresume', () => this.#on.consumerPaused(consumer.id, false));
      consumer.observer.once('close', () => {
        this.#received.delete(consumer.id);
        if (!this.#closed) this.#on.consumerClosed(consumer.id);
      });
      this.#on.consumerOpened(consumer, sent);
    } catch (error) {
      // Between the decision and the deed somebody left; there is nothing to receive, or nobody to.
      if (!producer.closed && !transport.closed) throw error;
    }
  }

  /** Pauses what this peer receives, for itself alone: a video that is off its screen. */
  async setConsumerPaused(consumerId: string, paused: boolean): Promise<void> {
    const consumer = this.#consumer(consumerId);
    await (paused ? consumer.pause() : consumer.resume());
  }

  /** Chooses how large a video is received; the worker goes below it when the line is thin. */
  async setLayers(consumerId: string, layers: ConsumerLayers): Promise<void> {
    const consumer = this.#consumer(consumerId);
    // A camera that sends a single layer has nothing to choose.
    if (consumer.type === 'simulcast' || consumer.type === 'svc') await consumer.setPreferredLayers(layers);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.#owner.closed(this);
  }

  /** Closes because the worker is gone, and says so. */
  lose(): void {
    if (this.#closed) return;
    this.close();
    this.#on.lost();
  }

  #transport(id: string): WebRtcTransport {
    for (const transport of this.#transports.values()) if (transport.id === id) return transport;
    throw new Refused('not-found', 'There is no such transport.');
  }

  #producer(id: string): Sent {
    for (const sent of this.#sent.values()) if (sent.producer.id === id) return sent;
    throw new Refused('not-found', 'You are not sending that.');
  }

  #consumer(id: string): Consumer {
    const received = this.#received.get(id);
    if (received === undefined) throw new Refused('not-found', 'You are not receiving that.');
    return received.consumer;
  }
}

/** Parameters that mediasoup rejects came from the page; anything else that fails is ours. */
const refuseBadMedia = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw new Refused('unsupported', 'Your browser offered media that this meeting cannot take.', {
      cause: error,
    });
  }
};
