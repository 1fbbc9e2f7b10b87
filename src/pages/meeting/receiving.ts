import type { Consumer, Transport } from 'mediasoup-client/types';
import type { ConsumerOffer } from '../../media/signalling/messages.ts';

/** What one page receives, by consumer. */
export interface Receiving {
  /**
   * Opens what the server offers; the track is then `track(consumerId)`. It stays paused at the server.
   * Null when it ended meanwhile, else whether its sender has it paused by then.
   */
  receive(offered: ConsumerOffer): Promise<{ readonly paused: boolean } | null>;
  /** Its sender muted or unmuted it. */
  senderPaused(consumerId: string, paused: boolean): void;
  forget(consumerId: string): void;
  track(consumerId: string): MediaStreamTrack | null;
  stats(consumerId: string): Promise<RTCStatsReport | null>;
  /** All that are open, or being opened. */
  received(): Iterable<string>;
  /** Those of them that are open and sound. */
  voices(): readonly string[];
}

interface Stream {
  /** Null while it is being opened. */
  consumer: Consumer | null;
  paused: boolean;
}

export const createReceiving = (transport: Transport): Receiving => {
  const streams = new Map<string, Stream>();
  return {
    async receive({ consumerId: id, producerId, kind, rtpParameters, peerId, source, paused }) {
      const stream: Stream = { consumer: null, paused };
      streams.set(id, stream);
      const parameters = rtpParameters as Consumer['rtpParameters'];
      // One stream of a person keeps lips and voice together; a screen has a time of its own.
      const streamId = `${peerId}-${source === 'screen' ? 'screen' : 'person'}`;
      try {
        stream.consumer = await transport.consume({
          id,
          producerId,
          kind,
          rtpParameters: parameters,
          streamId,
        });
      } catch (error) {
        streams.delete(id);
        throw error;
      }
      if (streams.get(id) === stream) return stream;
      stream.consumer.close();
      return null;
    },
    senderPaused(consumerId, paused) {
      const stream = streams.get(consumerId);
      if (stream !== undefined) stream.paused = paused;
    },
    forget(consumerId) {
      streams.get(consumerId)?.consumer?.close();
      streams.delete(consumerId);
    },
    track: (consumerId) => streams.get(consumerId)?.consumer?.track ?? null,
    stats: async (consumerId) => (await streams.get(consumerId)?.consumer?.getStats()) ?? null,
    received: () => streams.keys(),
    voices: () => [...streams].filter(([, { consumer }]) => consumer?.kind === 'audio').map(([id]) => id),
  };
};
