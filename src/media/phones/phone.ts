import { randomInt } from 'node:crypto';
import type { RtpParameters } from 'mediasoup/types';
import type { RoomRouter } from '../routers.ts';
import type { Sender, SentStream, Source } from '../streams.ts';
import { AUDIO_LEVEL_ID, createPhonePackets, PCMU_PAYLOAD_TYPE } from './phone-packets.ts';

/** A phone's audio in one router, PCMU as it comes. It receives nothing from the router: phones are sent a mix. */
export interface Phone extends Sender {
  /** @param atMs of the first sample, on the leg's own clock; gaps and a clock that starts again are expected */
  receive(mulaw: Uint8Array, atMs: number): void;
  /** Closes, and calls `lost`. */
  workerDied(): void;
}

export const openPhone = async (options: {
  readonly id: string;
  readonly roomRouter: RoomRouter;
  /** Muted: neither peers nor taps get any of it. */
  readonly paused: boolean;
  /** Its worker died. */
  readonly lost: () => void;
  readonly closed: (phone: Phone) => void;
  /** Monotonic. */
  readonly nowMs: () => number;
}): Promise<Phone> => {
  const { id, roomRouter, nowMs } = options;
  const ssrc = randomInt(1, 2 ** 32);
  const transport = await roomRouter.router.createDirectTransport();
  const producer = await transport
    .produce({ kind: 'audio', rtpParameters: parametersOf(ssrc), paused: options.paused })
    .catch((error: unknown) => {
      transport.close();
      throw error;
    });
  const packets = createPhonePackets(ssrc);
  const sent = new Map<Source, SentStream>();
  let closed = false;

  const phone: Phone = {
    id,
    roomRouter,
    sent,
    receive(mulaw, atMs) {
      if (producer.closed) return;
      for (const packet of packets.packetsOf(mulaw, atMs, nowMs())) producer.send(packet);
    },
    close() {
      if (closed) return;
      closed = true;
      transport.close();
      options.closed(phone);
    },
    workerDied() {
      if (closed) return;
      phone.close();
      options.lost();
    },
  };
  sent.set('microphone', { producer, source: 'microphone', sender: phone });
  producer.observer.once('close', () => sent.delete('microphone'));
  return phone;
};

const parametersOf = (ssrc: number): RtpParameters => ({
  codecs: [{ mimeType: 'audio/PCMU', payloadType: PCMU_PAYLOAD_TYPE, clockRate: 8_000, channels: 1 }],
  headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: AUDIO_LEVEL_ID }],
  encodings: [{ ssrc }],
  rtcp: { cname: 'phone' },
});
