import type { Producer, Router } from 'mediasoup/types';
import { parseRtp, type RtpPacket } from './audio/rtp.ts';

/** A packet as it arrived: perhaps out of order, twice, or never. */
export interface TappedPacket extends RtpPacket {
  /** On the tap's clock, when this process received it. */
  readonly arrivedMs: number;
}

export interface TapListener {
  /** The buffer of `payload` is reused: copy what is kept longer than this call. */
  readonly packet: (packet: TappedPacket) => void;
  /** The speaker muted (`true`) or unmuted; no packet comes in between. Called at once for one who is muted already. */
  readonly paused: (paused: boolean) => void;
  /** Nothing follows. Called once, whatever closed it. */
  readonly closed: () => void;
}

/** How payloads are decoded. */
export interface TapFormat {
  readonly codec: 'opus' | 'pcmu';
  /** Of the timestamps: 48,000 for Opus, 8,000 for PCMU. */
  readonly clockRateHz: number;
}

export interface Tap {
  /** Idempotent. */
  close(): void;
}

/** The format of what a tap on `producer` gives. */
export const tapFormat = (producer: Producer): TapFormat => {
  const [codec] = producer.rtpParameters.codecs;
  return {
    codec: codec?.mimeType.toLowerCase() === 'audio/pcmu' ? 'pcmu' : 'opus',
    clockRateHz: codec?.clockRate ?? 48_000,
  };
};

/** Taps one audio producer of `router`. Packets of a paused producer stop in the worker and never reach the tap. */
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
      // All that the room supports.
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
