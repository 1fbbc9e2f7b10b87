import { randomInt } from 'node:crypto';
import type { RtpParameters } from 'mediasoup/types';
import type { Sender, Sent, Source } from '../peer.ts';
import type { RoomRouter } from '../routers.ts';
import { AUDIO_LEVEL_ID, createPhonePackets, PCMU_PAYLOAD_TYPE } from './phone-packets.ts';

/** A telephone's sound in one router, PCMU as it comes. It receives nothing: what it hears is mixed. */
export interface Phone extends Sender {
  /** @param atMs of the first sample, on the line's own clock; gaps and a clock that begins again are expected */
  hear(mulaw: Uint8Array, atMs: number): void;
  /** Closes because the worker is gone, and says so. */
  lose(): void;
}

export const openPhone = async (options: {
  readonly id: string;
  readonly hall: RoomRouter;
  /** Muted: nobody, and no tap, gets any of it. */
  readonly paused: boolean;
  /** Its media is gone with the worker that carried it. */
  readonly lost: () => void;
  readonly closed: (phone: Phone) => void;
  /** Monotonic. */
  readonly nowMs: () => number;
}): Promise<Phone> => {
  const { id, hall, nowMs } = options;
  const ssrc = randomInt(1, 2 ** 32);
  const transport = await hall.router.createDirectTransport();
  const producer = await transport
    .produce({ kind: 'audio', rtpParameters: parametersOf(ssrc), paused: options.paused })
    .catch((error: unknown) => {
      transport.close();
      throw error;
    });
  const packets = createPhonePackets(ssrc);
  const sent = new Map<Source, Sent>();
  let closed = false;

  const phone: Phone = {
    id,
    hall,
    sent,
    hear(mulaw, atMs) {
      if (producer.closed) return;
      for (const packet of packets.packetsOf(mulaw, atMs, nowMs())) producer.send(packet);
    },
    close() {
      if (closed) return;
      closed = true;
      transport.close();
      options.closed(phone);
    },
    lose() {
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
  rtcp: { cname: 'telephone' },
});
