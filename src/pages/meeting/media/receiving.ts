import type { Consumer, Transport } from 'mediasoup-client/types';
import type { ConsumerOffer } from '../../../media/signalling/messages.ts';

/** The page's consumers. */
export interface Receiving {
  /**
   * Opens a consumer, which stays paused at the server. Null when it was closed meanwhile; else whether its sender has
   * it paused by now.
   */
  consume(offer: ConsumerOffer): Promise<{ readonly paused: boolean } | null>;
  setSenderPaused(consumerId: string, paused: boolean): void;
  closeConsumer(consumerId: string): void;
  track(consumerId: string): MediaStreamTrack | null;
  /** All that are open or being opened. */
  consumerIds(): Iterable<string>;
  /** Of open audio consumers. */
  audioConsumerIds(): readonly string[];
}

interface Stream {
  /** Null while it is being opened. */
  consumer: Consumer | null;
  paused: boolean;
}

export const createReceiving = (transport: Transport): Receiving => {
  const streams = new Map<string, Stream>();
  return {
    async consume({ consumerId: id, producerId, kind, rtpParameters, peerId, source, paused }) {
      const stream: Stream = { consumer: null, paused };
      streams.set(id, stream);
      const parameters = rtpParameters as Consumer['rtpParameters'];
      // One stream for camera and microphone keeps them in sync; a screen has a clock of its own.
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
    setSenderPaused(consumerId, paused) {
      const stream = streams.get(consumerId);
      if (stream !== undefined) stream.paused = paused;
    },
    closeConsumer(consumerId) {
      streams.get(consumerId)?.consumer?.close();
      streams.delete(consumerId);
    },
    track: (consumerId) => streams.get(consumerId)?.consumer?.track ?? null,
    consumerIds: () => streams.keys(),
    audioConsumerIds: () =>
      [...streams].filter(([, { consumer }]) => consumer?.kind === 'audio').map(([id]) => id),
  };
};
