import type { Consumer, Producer, Router, WebRtcTransport } from 'mediasoup/types';
import { ROOM_CODECS } from '../codecs.ts';
import { Refused } from '../refused.ts';
import type { IceServer } from '../signalling/messages.ts';
import type { Workers } from '../workers.ts';
import type {
  ProbeDirection,
  ProbeRequest,
  ProbeRequestName,
  ProbeRequestOf,
  ProbeResponses,
  ProbeTransport,
  Way,
} from './messages.ts';

/** One way tried: a sound goes from a browser to a worker and back, over real transports of that way alone. */
export interface ConnectivityProbe {
  readonly begun: ProbeResponses['begin'];
  /** @throws Refused for what comes in the wrong order, and for media that mediasoup does not take */
  handle(
    request: Exclude<ProbeRequest, ProbeRequestOf<'ping' | 'ways' | 'begin'>>,
  ): Promise<ProbeResponses[ProbeRequestName]>;
  /** Idempotent. */
  close(): void;
}

/** One voice is some 40 kbit/s; what exceeds it is not a test. */
const MOST_INCOMING_BITS_PER_S = 200_000;

export const openConnectivityProbe = async (options: {
  readonly workers: Workers;
  readonly way: Way;
  readonly iceServers: readonly IceServer[];
}): Promise<ConnectivityProbe> => {
  const { way } = options;
  const home = await options.workers.leastLoaded();
  if (home === null) throw new Refused('failed', 'No media worker runs at the moment.');
  const mediaCodecs = ROOM_CODECS.filter(({ mimeType }) => mimeType === 'audio/opus');
  const router = await home.worker.createRouter({ mediaCodecs });
  try {
    const open = (): Promise<WebRtcTransport> =>
      router.createWebRtcTransport({
        webRtcServer: home.webRtcServer,
        // A relay speaks UDP with the worker, whatever the browser speaks with it.
        enableUdp: way !== 'tcp',
        enableTcp: way === 'tcp',
      });
    const [send, receive] = await Promise.all([open(), open()]);
    await send.setMaxIncomingBitrate(MOST_INCOMING_BITS_PER_S);
    return trialOf(router, { send, receive }, way === 'relay' ? options.iceServers : []);
  } catch (error) {
    router.close();
    throw error;
  }
};

const trialOf = (
  router: Router,
  transports: Readonly<Record<ProbeDirection, WebRtcTransport>>,
  iceServers: readonly IceServer[],
): ConnectivityProbe => {
  let producer: Producer | null = null;
  let consumer: Consumer | null = null;

  const produce = async ({ rtpParameters }: ProbeRequestOf<'send'>): Promise<ProbeResponses['send']> => {
    if (producer !== null) throw new Refused('wrong-order', 'A sound is being sent already.');
    producer = await taken(transports.send.produce({ kind: 'audio', rtpParameters }));
    return { producerId: producer.id };
  };
  const consume = async (asked: ProbeRequestOf<'receive'>): Promise<ProbeResponses['receive']> => {
    if (producer === null || consumer !== null)
      throw new Refused('wrong-order', 'There is no sound to receive.');
    const { id: producerId } = producer;
    consumer = await taken(
      transports.receive.consume({ producerId, rtpCapabilities: asked.rtpCapabilities }),
    );
    return { consumerId: consumer.id, producerId, rtpParameters: consumer.rtpParameters };
  };
  const count = async (): Promise<ProbeResponses['count']> => {
    const [stats] = (await producer?.getStats()) ?? [];
    return { receivedBytes: stats?.byteCount ?? 0 };
  };

  return {
    begun: {
      rtpCapabilities: router.rtpCapabilities,
      iceServers,
      send: described(transports.send),
      receive: described(transports.receive),
    },
    async handle(request) {
      switch (request.request) {
        case 'connect': {
          await taken(transports[request.direction].connect({ dtlsParameters: request.dtlsParameters }));
          return {};
        }
        case 'send':
          return produce(request);
        case 'receive':
          return consume(request);
        case 'count':
          return count();
      }
    },
    close: () => router.close(),
  };
};

const described = ({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
}: WebRtcTransport): ProbeTransport => ({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
});

/** mediasoup judges what media means; what it refuses was no browser's. */
const taken = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (cause) {
    throw new Refused('unsupported', 'The media server did not take what this browser offered.', { cause });
  }
};
