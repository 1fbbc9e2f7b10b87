import { createSocket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import type { RtpParameters } from 'mediasoup/types';
import { createRouters, type RoomRouter } from '../src/media/routers.ts';
import { opus, startWorkers } from '../test/media/support.ts';
import type { Flow } from './consumers/sender.ts';
import { type BenchResult, isShort } from './result.ts';
import { answer, ask, createParts } from './support/parts.ts';
import type { Microphone } from './support/rtp.ts';

/**
 * How much of a core one media worker takes for each stream that it forwards, encrypted as for browsers, and so how
 * many it could: extrapolated from fewer, since the machine that measures also sends and receives. Beside it the
 * processor time of a packet against that of the same packet written by Node to the same socket, without anything.
 */
export const name = 'forwarded streams a core';

interface Kind {
  readonly kind: 'audio' | 'video';
  readonly senders: number;
  readonly receivers: number;
  readonly rtpParameters: (sender: number) => RtpParameters;
  readonly flow: Omit<Flow, 'to'>;
}

const KINDS: readonly Kind[] = [
  {
    kind: 'audio',
    senders: 10,
    receivers: 20,
    rtpParameters: opus,
    flow: { packetsPerSecond: 50, bytes: 80, clockRateHz: 48_000, beginning: [0xf8] },
  },
  {
    kind: 'video',
    senders: 4,
    receivers: 20,
    rtpParameters: (sender) => ({
      mid: `camera ${sender}`,
      codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
      encodings: [{ ssrc: 77_000 + sender }],
      rtcp: { cname: 'speaker' },
    }),
    // About 1 Mbit/s, a camera on the stage. Every packet starts a key frame, so that none is waited for.
    flow: { packetsPerSecond: 110, bytes: 1_100, clockRateHz: 90_000, beginning: [0x10, 0x00] },
  },
];

/** The encryption of browsers without a faster one. */
const SRTP = {
  cryptoSuite: 'AES_CM_128_HMAC_SHA1_80',
  keyBase64: Buffer.alloc(30, 7).toString('base64'),
} as const;

export const run = async (): Promise<readonly BenchResult[]> => {
  const measuredMs = isShort() ? 1_500 : 10_000;
  const results: BenchResult[] = [];
  for (const kind of KINDS) results.push(...(await measure(kind, measuredMs)));
  return results;
};

const measure = async (kind: Kind, measuredMs: number): Promise<BenchResult[]> => {
  const parts = createParts();
  const workers = await startWorkers(1);
  const routers = createRouters({ workers, maxConsumersPerRouter: 10_000, lost: () => {} });
  try {
    const roomRouter = await routers.assign(0);
    const sink = parts.start(new URL('./consumers/sink.ts', import.meta.url), []);
    const sinkPort = await answer<number>(sink);
    // The kernel then takes what fits, and throws the rest away.
    sink.kill('SIGSTOP');
    const { microphones, producerIds } = await openSenders(roomRouter, kind);
    const sender = parts.start(new URL('./consumers/sender.ts', import.meta.url), []);
    await answer(sender);
    await ask(sender, { to: microphones, ...kind.flow } satisfies Flow);
    const senderOnly = await loadOf(roomRouter, measuredMs);
    await openReceivers(roomRouter, { producerIds, receivers: kind.receivers, sinkPort });
    const forwarding = await loadOf(roomRouter, measuredMs);

    const streams = kind.senders * kind.receivers;
    const ofCore = (forwarding - senderOnly) / streams;
    const packetMs = (ofCore * 1_000) / kind.flow.packetsPerSecond;
    const nodeMs = await packetByNode(kind.flow.bytes, sinkPort);
    return [
      { figure: `${kind.kind}: ${streams} forwarded streams, each`, value: ofCore * 100, unit: '% core' },
      { figure: `${kind.kind}: streams a core, extrapolated`, value: 1 / ofCore, unit: '' },
      { figure: `${kind.kind}: a packet over the same one by Node`, value: packetMs / nodeMs, unit: 'times' },
    ];
  } finally {
    await parts.stop();
    routers.close();
    workers.close();
  }
};

const openSenders = async ({ router }: RoomRouter, { kind, senders, rtpParameters }: Kind) => {
  const microphones: Microphone[] = [];
  const producerIds: string[] = [];
  for (let sender = 0; sender < senders; sender += 1) {
    const rtp = rtpParameters(sender);
    const transport = await router.createPlainTransport({ listenIp: '127.0.0.1', comedia: true });
    producerIds.push((await transport.produce({ kind, rtpParameters: rtp })).id);
    microphones.push({
      port: transport.tuple.localPort,
      ssrc: rtp.encodings?.[0]?.ssrc ?? 0,
      payloadType: rtp.codecs[0]?.payloadType ?? 0,
    });
  }
  return { microphones, producerIds };
};

const openReceivers = async (
  { router }: RoomRouter,
  {
    producerIds,
    receivers,
    sinkPort,
  }: { producerIds: readonly string[]; receivers: number; sinkPort: number },
): Promise<void> => {
  for (let receiver = 0; receiver < receivers; receiver += 1) {
    const transport = await router.createPlainTransport({
      listenIp: '127.0.0.1',
      rtcpMux: true,
      enableSrtp: true,
      srtpCryptoSuite: SRTP.cryptoSuite,
    });
    await transport.connect({ ip: '127.0.0.1', port: sinkPort, srtpParameters: SRTP });
    for (const producerId of producerIds) {
      await transport.consume({ producerId, rtpCapabilities: router.rtpCapabilities });
    }
  }
};

/** The part of a core that the worker takes. */
const loadOf = async ({ worker: { worker } }: RoomRouter, measuredMs: number): Promise<number> => {
  const usedMs = async (): Promise<number> => {
    const { ru_utime, ru_stime } = await worker.getResourceUsage();
    return ru_utime + ru_stime;
  };
  // What has just begun is not yet as it will be.
  await wait(measuredMs / 5);
  const [beforeMs, sinceMs] = [await usedMs(), performance.now()];
  await wait(measuredMs);
  return ((await usedMs()) - beforeMs) / (performance.now() - sinceMs);
};

/** Processor time of one packet, in milliseconds. */
const packetByNode = async (bytes: number, port: number): Promise<number> => {
  const PACKETS = 20_000;
  const AT_ONCE = 100;
  const udp = createSocket('udp4');
  const packet = Buffer.alloc(bytes);
  const before = process.cpuUsage();
  for (let sent = 0; sent < PACKETS; sent += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        udp.send(packet, port, '127.0.0.1', () => resolve());
        return promise;
      }),
    );
  }
  const { user, system } = process.cpuUsage(before);
  udp.close();
  return (user + system) / 1_000 / PACKETS;
};
