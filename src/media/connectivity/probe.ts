import type { Consumer, Producer, Router, WebRtcTransport } from 'mediasoup/types';
import { ROOM_CODECS } from '../codecs.ts';
import { Refused } from '../refused.ts';
import { NO_MEDIA_WORKER, UNSUPPORTED_BROWSER } from '../sentences.ts';
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

/** The test of one path: audio goes from a browser to a worker and back, over real transports of that path alone. */
export interface ConnectivityProbe {
  readonly begun: ProbeResponses['begin'];
  /** @throws Refused for requests in the wrong order, and for media that mediasoup rejects */
  handle(
    request: Exclude<ProbeRequest, ProbeRequestOf<'ping' | 'ways' | 'begin'>>,
  ): Promise<ProbeResponses[ProbeRequestName]>;
  /** Idempotent. */
  close(): void;
}

/** One microphone is some 40 kbit/s; what exceeds this is not a test. */
const MAX_INCOMING_BITS_PER_S = 200_000;

export const openConnectivityProbe = async (options: {
  readonly workers: Workers;
  readonly way: Way;
  readonly iceServers: readonly IceServer[];
}): Promise<ConnectivityProbe> => {
  const { way } = options;
  const worker = await options.workers.leastLoaded();
  if (worker === null) throw new Refused('failed', { sentence: NO_MEDIA_WORKER });
  const mediaCodecs = ROOM_CODECS.filter(({ mimeType }) => mimeType === 'audio/opus');
  const router = await worker.worker.createRouter({ mediaCodecs });
  try {
    const open = (): Promise<WebRtcTransport> =>
      router.createWebRtcTransport({
        webRtcServer: worker.webRtcServer,
        // A relay uses UDP towards the worker, whatever it uses towards the browser.
        enableUdp: way !== 'tcp',
        enableTcp: way === 'tcp',
      });
    const [send, receive] = await Promise.all([open(), open()]);
    await send.setMaxIncomingBitrate(MAX_INCOMING_BITS_PER_S);
    return probeOver(router, { send, receive }, way === 'relay' ? options.iceServers : []);
  } catch (error) {
    router.close();
    throw error;
  }
};

const probeOver = (
  router: Router,
  transports: Readonly<Record<ProbeDirection, WebRtcTransport>>,
  iceServers: readonly IceServer[],
): ConnectivityProbe => {
  let producer: Producer | null = null;
  let consumer: Consumer | null = null;

  const produce = async ({ rtpParameters }: ProbeRequestOf<'send'>): Promise<ProbeResponses['send']> => {
    if (producer !== null) throw new Refused('wrong-order', { reason: 'audio is being sent already' });
    producer = await refuseBadMedia(transports.send.produce({ kind: 'audio', rtpParameters }));
    return { producerId: producer.id };
  };
  const consume = async ({
    rtpCapabilities,
  }: ProbeRequestOf<'receive'>): Promise<ProbeResponses['receive']> => {
    if (producer === null || consumer !== null) {
      throw new Refused('wrong-order', { reason: 'there is no audio to receive' });
    }
    const { id: producerId } = producer;
    consumer = await refuseBadMedia(transports.receive.consume({ producerId, rtpCapabilities }));
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
      send: describe(transports.send),
      receive: describe(transports.receive),
    },
    async handle(request) {
      switch (request.request) {
        case 'connect': {
          const { direction, dtlsParameters } = request;
          await refuseBadMedia(transports[direction].connect({ dtlsParameters }));
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

const describe = ({ id, iceParameters, iceCandidates, dtlsParameters }: WebRtcTransport): ProbeTransport => ({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
});

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
