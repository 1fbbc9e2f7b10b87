import type {
  Consumer,
  ConsumerLayers,
  DtlsParameters,
  IceParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  TransportTuple,
  WebRtcTransport,
} from 'mediasoup/types';
import { Refused } from './refused.ts';
import type { RoomRouter } from './routers.ts';
import { UNSUPPORTED_BROWSER } from './sentences.ts';
import type { Direction, ReceivedStream, Sender, SentStream, Source } from './streams.ts';

/** For the browser's page. */
export interface PeerListener {
  /** Opened paused: the page resumes it once it is ready to play, so that it does not miss the key frame. */
  readonly consumerOpened: (consumer: Consumer, sent: SentStream) => void;
  readonly consumerClosed: (consumerId: string) => void;
  /** Its sender muted or unmuted. */
  readonly consumerPaused: (consumerId: string, paused: boolean) => void;
  /** Its worker died. The peer is closed; a new one may be added. */
  readonly lost: () => void;
}

/** For the room. */
export interface PeerOwner {
  readonly readyToReceive: (peer: Peer) => void;
  readonly streamOpened: (sent: SentStream) => void;
  readonly closed: (peer: Peer) => void;
}

/** To begin with; the bandwidth estimation adapts within seconds. Higher starts sharper and loses more on slow networks. */
const INITIAL_OUTGOING_BITS_PER_S = 1_000_000;
/** Three layers of a 720p camera (1.7 Mbit/s), a sharp screen (2.5) and a microphone. */
const MAX_INCOMING_BITS_PER_S = 5_000_000;

const KIND: Readonly<Record<Source, MediaKind>> = { microphone: 'audio', camera: 'video', screen: 'video' };

/**
 * One browser's media, in one router. Closing goes from the outside in: transports close their consumers and producers,
 * each of which calls its listener, and last the room removes the peer.
 */
export class Peer implements Sender {
  readonly id: string;
  readonly roomRouter: RoomRouter;
  readonly rtpCapabilities: RtpCapabilities;
  readonly #on: PeerListener;
  readonly #owner: PeerOwner;
  readonly #transports = new Map<Direction, WebRtcTransport>();
  readonly #sent = new Map<Source, SentStream>();
  readonly #received = new Map<string, ReceivedStream>();
  #closed = false;

  constructor(options: {
    readonly id: string;
    readonly roomRouter: RoomRouter;
    readonly rtpCapabilities: RtpCapabilities;
    readonly on: PeerListener;
    readonly owner: PeerOwner;
  }) {
    this.id = options.id;
    this.roomRouter = options.roomRouter;
    this.rtpCapabilities = options.rtpCapabilities;
    this.#on = options.on;
    this.#owner = options.owner;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get sent(): ReadonlyMap<Source, SentStream> {
    return this.#sent;
  }

  /** Paused streams included. */
  get received(): Iterable<ReceivedStream> {
    return this.#received.values();
  }

  /** Whether these are its transports, in both directions, and still usable. */
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

  /** The network path in use, once media flows. */
  tuple(direction: Direction): TransportTuple | undefined {
    return this.#transports.get(direction)?.iceSelectedTuple;
  }

  /** @throws Refused `wrong-order` when there is one in this direction */
  async createTransport(direction: Direction): Promise<WebRtcTransport> {
    if (this.#transports.has(direction)) {
      throw new Refused('wrong-order', { reason: `a transport to ${direction} exists already` });
    }
    const transport = await this.roomRouter.router.createWebRtcTransport({
      webRtcServer: this.roomRouter.worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITS_PER_S,
    });
    if (this.#closed) {
      transport.close();
      throw new Refused('wrong-order', { reason: 'the peer closed while its transport opened' });
    }
    this.#transports.set(direction, transport);
    if (direction === 'send') await transport.setMaxIncomingBitrate(MAX_INCOMING_BITS_PER_S);
    else this.#owner.readyToReceive(this);
    return transport;
  }

  async connectTransport(transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    const transport = this.#transport(transportId);
    if (transport.dtlsState !== 'new') {
      throw new Refused('wrong-order', { reason: 'the transport is connected already' });
    }
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
  }): Promise<SentStream> {
    const { source, rtpParameters, paused } = options;
    const transport = this.#transports.get('send');
    if (transport === undefined) throw new Refused('wrong-order', { reason: 'no transport to send on' });
    if (this.#sent.has(source)) {
      throw new Refused('wrong-order', { reason: `the ${source} is being sent already` });
    }
    const kind = KIND[source];
    // mediasoup does not check the kind against the codecs, and taps would then decode video as audio.
    if (!rtpParameters.codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`))) {
      throw new Refused('unsupported', { reason: `a ${source} may only send ${kind}` });
    }
    const producer = await refuseBadMedia(transport.produce({ kind, rtpParameters, paused }));
    const sent: SentStream = { producer, source, sender: this };
    this.#sent.set(source, sent);
    // A page whose channel closed meanwhile may have produced the same source again, on its next channel.
    producer.observer.once('close', () => this.#sent.get(source) === sent && this.#sent.delete(source));
    this.#owner.streamOpened(sent);
    return sent;
  }

  /** Mutes or unmutes on the server: a paused producer sends no packets to peers or taps. */
  async setProducerPaused(producerId: string, paused: boolean): Promise<void> {
    const { producer } = this.#producer(producerId);
    await (paused ? producer.pause() : producer.resume());
  }

  closeProducer(producerId: string): void {
    this.#producer(producerId).producer.close();
  }

  /**
   * Consumes another sender's stream, if this peer supports it and has a transport to receive on.
   * @param pipe makes the producer available in this peer's router
   */
  async receive(sent: SentStream, pipe: () => Promise<void>): Promise<void> {
    const transport = this.#transports.get('receive');
    const { producer } = sent;
    if (transport === undefined || sent.sender.id === this.id) return;
    try {
      await pipe();
      const { rtpCapabilities } = this;
      if (!this.roomRouter.router.canConsume({ producerId: producer.id, rtpCapabilities })) return;
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
      // The sender or this peer may have left meanwhile.
      if (!producer.closed && !transport.closed) throw error;
    }
  }

  /** Pauses a stream for this peer only: a video that is off its screen. */
  async setConsumerPaused(consumerId: string, paused: boolean): Promise<void> {
    const consumer = this.#consumer(consumerId);
    await (paused ? consumer.pause() : consumer.resume());
  }

  /** The preferred resolution of a video; the worker goes below it when bandwidth is short. */
  async setLayers(consumerId: string, layers: ConsumerLayers): Promise<void> {
    const consumer = this.#consumer(consumerId);
    // A single layer leaves nothing to choose.
    if (consumer.type === 'simulcast' || consumer.type === 'svc') await consumer.setPreferredLayers(layers);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.#owner.closed(this);
  }

  /** Closes, and calls `lost`. */
  workerDied(): void {
    if (this.#closed) return;
    this.close();
    this.#on.lost();
  }

  #transport(id: string): WebRtcTransport {
    for (const transport of this.#transports.values()) if (transport.id === id) return transport;
    throw new Refused('not-found', { reason: 'no such transport' });
  }

  #producer(id: string): SentStream {
    for (const sent of this.#sent.values()) if (sent.producer.id === id) return sent;
    throw new Refused('not-found', { reason: 'no such producer' });
  }

  #consumer(id: string): Consumer {
    const received = this.#received.get(id);
    if (received === undefined) throw new Refused('not-found', { reason: 'no such consumer' });
    return received.consumer;
  }
}

/** For what mediasoup rejects: those parameters came from the page. */
const refuseBadMedia = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (cause) {
    throw new Refused('unsupported', {
      sentence: UNSUPPORTED_BROWSER,
      reason: 'rejected by mediasoup',
      cause,
    });
  }
};
