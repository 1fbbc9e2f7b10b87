import { createSocket } from 'node:dgram';
import type { RtpCapabilities, RtpParameters } from 'mediasoup/types';
import { obtainWorker } from '../../scripts/mediasoup-worker/obtain.ts';
import type { Log } from '../../src/core/ports.ts';
import { createWorkers, type Workers } from '../../src/media/workers.ts';

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const monotonic = { nowMs: () => performance.now() };

/** The real worker. Getting it for the first time takes minutes; `npm test` does that before any test. */
export const startWorkers = async (count: number, log: Log = silentLog): Promise<Workers> => {
  const obtained = await obtainWorker({ say: (line) => console.error(line) });
  if ('missing' in obtained) throw new Error(obtained.missing);
  return createWorkers({ workerBin: obtained.bin, count, listen: { ip: '127.0.0.1' }, log });
};

let ssrc = 1_000;

/** How a browser sends a microphone. */
export const opus = (): RtpParameters => {
  ssrc += 1;
  return {
    mid: String(ssrc),
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { useinbandfec: 1, usedtx: 1 },
      },
    ],
    encodings: [{ ssrc }],
    rtcp: { cname: 'someone' },
  };
};

/** How a browser sends a camera in three layers. */
export const simulcast = (): RtpParameters => {
  ssrc += 1;
  return {
    mid: String(ssrc),
    codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
    headerExtensions: [
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 },
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 2 },
    ],
    encodings: [
      { rid: 'r0', scalabilityMode: 'L1T3' },
      { rid: 'r1', scalabilityMode: 'L1T3' },
      { rid: 'r2', scalabilityMode: 'L1T3' },
    ],
    rtcp: { cname: 'someone' },
  };
};

/** A browser that plays audio alone. */
export const audioOnly = (capabilities: RtpCapabilities): RtpCapabilities => ({
  codecs: (capabilities.codecs ?? []).filter(({ kind }) => kind === 'audio'),
});

/** Sends RTP over UDP, as a PlainTransport takes it: one packet a call, 20 ms apart by its timestamps. */
export const createSender = (port: number, rtp: RtpParameters, samplesAPacket = 960) => {
  const socket = createSocket('udp4');
  const streamSsrc = rtp.encodings?.[0]?.ssrc ?? 0;
  const payloadType = rtp.codecs[0]?.payloadType ?? 0;
  let sequenceNumber = 65_530;
  let timestamp = 4_294_960_000;
  return {
    send(payload: Uint8Array): Promise<{ sequenceNumber: number; timestamp: number }> {
      const packet = Buffer.alloc(12 + payload.length);
      packet.writeUInt8(0x80, 0);
      packet.writeUInt8(payloadType, 1);
      packet.writeUInt16BE(sequenceNumber, 2);
      packet.writeUInt32BE(timestamp, 4);
      packet.writeUInt32BE(streamSsrc, 8);
      packet.set(payload, 12);
      const sent = { sequenceNumber, timestamp };
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      timestamp = (timestamp + samplesAPacket) >>> 0;
      return new Promise((resolve, reject) =>
        socket.send(packet, port, '127.0.0.1', (error) => (error ? reject(error) : resolve(sent))),
      );
    },
    close: () => socket.close(),
  };
};
