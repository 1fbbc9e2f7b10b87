import type { Producer, Router } from 'mediasoup/types';
import { parseRtp, type RtpPacket } from './audio/rtp.ts';

/** A packet as it came: in the order of the network, perhaps twice, perhaps not at all. */
export interface TappedPacket extends RtpPacket {
  /** By the clock that the tap was given, when the packet was handed to this process. */
  readonly arrivedMs: number;
}

export interface TapListener {
  /** `payload` is the tap's own until the next call returns to the event loop; copy what is kept longer. */
  readonly packet: (packet: TappedPacket) => void;
  /** The speaker muted (`true`) or unmuted; no packet comes in between. Told at once of one who is muted already. */
  readonly paused: (paused: boolean) => void;
  /** Nothing follows: whoever closed it. Called once. */
  readonly closed: () => void;
}

/** What is heard: decides how its payloads are decoded. */
export interface TapFormat {
  readonly codec: 'opus' | 'pcmu';
  /** Of the timestamps: 48,000 for Opus, 8,000 for PCMU. */
  readonly clockRateHz: number;
}

export interface Tap {
  /** Idempotent. */
  close(): void;
}

/** What listening to `producer` will give. */
export const tapFormat = (producer: Producer): TapFormat => {
  const [codec] = producer.rtpParameters.codecs;
  return {
    codec: codec?.mimeType.toLowerCase() === 'audio/pcmu' ? 'pcmu' : 'opus',
    clockRateHz: codec?.clockRate ?? 48_000,
  };
};

/**
 * Listens to one audio producer of `router`. What the server paused never reaches the tap: packets of a muted
 * speaker stop in the worker.
 */
export const openTap = async (
  router: Router,
  producer: Producer,
  options: { readonly on: TapListener; readonly nowMs: () => number },
): Promise<Tap> => {
  const { on, nowMs } = options;
  const transport = await router.createDirectTransport();
  try {
    const consumer = await transport.consume({
      producerId: producer.id,
      // The room's own: a tap takes whatever the room speaks.
      rtpCapabilities: router.rtpCapabilities,
      paused: true,
    });
    consumer.on('rtp', (bytes) => {
      const packet = parseRtp(bytes);
      if (packet !== null) on.packet({ ...packet, arrivedMs: nowMs() });
    });
    consumer.on('producerpause', () => on.paused(true));
    consumer.on('producerresume', () => on.paused(false));
    consumer.observer.once('close', () => {
      transport.close();
      on.closed();
    });
    if (consumer.producerPaused) on.paused(true);
    await consumer.resume();
    return { close: () => transport.close() };
  } catch (error) {
    transport.close();
    throw error;
  }
};
