import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createOpusDecoder } from '../../src/media/audio/opus.ts';
import { parseRtp } from '../../src/media/audio/rtp.ts';
import { MediaRoom } from '../../src/media/media-room.ts';
import { createFrameClock } from '../../src/media/phones/frame-clock.ts';
import { createPhoneMix } from '../../src/media/phones/phone-mix.ts';
import { openTap } from '../../src/media/tap.ts';
import { PACKET_MS, samplesOf, sendOpus } from '../../test/media/audio/support.ts';
import { linear, median } from '../../test/media/phones/support.ts';
import { createSender, opus, silentLog, startWorkers } from '../../test/media/support.ts';
import { findAudio } from '../../test/support/audio-search.ts';

const nowMs = (): number => performance.now();
const SEGMENT_SAMPLES = 4_000;

/**
 * From the last sample of an incoming packet to the same sample going out, through the worker and its sockets: what Parley
 * adds, without the network, the browser's buffer and the length of a packet.
 */
export const measureDelay = async (size: {
  readonly spokenMs: number;
}): Promise<{ readonly toBrowserMs: number; readonly toPhoneMs: number }> => {
  const workers = await startWorkers(1);
  const on = { levels() {}, activeSpeaker() {}, opened() {}, closed() {} };
  const room = await MediaRoom.create({ workers, log: silentLog, nowMs, on });
  const closing: (() => void)[] = [() => room.close(), () => workers.close()];
  try {
    const phone = await room.addPhone({ id: 'phone', paused: false, lost: () => {} });
    const { router } = phone.roomRouter;

    // The browser's two directions, on sockets of UDP as a browser's are.
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    closing.unshift(() => socket.close());
    const receiving = await router.createPlainTransport({ listenIp: '127.0.0.1', rtcpMux: true });
    await receiving.connect({ ip: '127.0.0.1', port: (socket.address() as AddressInfo).port });
    const sent = phone.sent.get('microphone')!;
    await receiving.consume({ producerId: sent.producer.id, rtpCapabilities: router.rtpCapabilities });
    const arrivedMs: number[] = [];
    socket.on('message', (bytes) => {
      if (parseRtp(bytes)?.payload.length === 160) arrivedMs.push(nowMs());
    });

    const rtp = opus();
    const sending = await router.createPlainTransport({ listenIp: '127.0.0.1', comedia: true });
    const producer = await sending.produce({ kind: 'audio', rtpParameters: rtp });
    const sender = createSender(sending.tuple.localPort, rtp);
    closing.unshift(sender.close);
    const mix = createPhoneMix({ clock: createFrameClock(nowMs), nowMs, log: silentLog });
    const played: { readonly frame: Uint8Array; readonly atMs: number }[] = [];
    closing.unshift(mix.addPhone('phone', (frame) => void played.push({ frame, atMs: nowMs() })));
    await openTap(router, producer, { on: mix.addSpeaker({ peerId: 'browser', codec: 'opus' }), nowMs });

    const spoken = (await samplesOf('two-voices')).subarray(0, size.spokenMs * 16);
    const packets = (await sendOpus(spoken)).map(({ rtp: packet }) => packet.payload);
    const heardMs: number[] = [];
    const sentMs: number[] = [];
    const startMs = nowMs();
    for (const [at, payload] of packets.entries()) {
      const waitMs = startMs + at * PACKET_MS - nowMs();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      heardMs.push(nowMs());
      phone.receive(new Uint8Array(160).fill(at), at * PACKET_MS);
      sentMs.push(nowMs());
      await sender.send(payload);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));

    const decoder = await createOpusDecoder(8_000);
    const decoded = Int16Array.from(packets.flatMap((payload) => [...decoder.decode(payload)!]));
    decoder.close();
    const received = linear(Buffer.concat(played.map(({ frame }) => frame)));
    const delays: number[] = [];
    for (let at = 0; at + SEGMENT_SAMPLES <= decoded.length; at += SEGMENT_SAMPLES) {
      const { atMs, correlation } = findAudio(decoded.subarray(at, at + SEGMENT_SAMPLES), received);
      if (correlation < 0.9) continue;
      const packet = at / 8 / PACKET_MS;
      delays.push(played[Math.floor(atMs / PACKET_MS)]!.atMs + (atMs % PACKET_MS) - sentMs[packet]!);
    }
    if (delays.length < decoded.length / SEGMENT_SAMPLES / 2)
      throw new Error('the audio did not reach the phone');
    const lost = heardMs.length - arrivedMs.length;
    if (lost > 2) throw new Error(`${lost} packets did not reach the browser`);
    return {
      toBrowserMs: median(arrivedMs.map((ms, at) => ms - heardMs[at + lost]!)),
      toPhoneMs: median(delays),
    };
  } finally {
    for (const close of closing) close();
  }
};
