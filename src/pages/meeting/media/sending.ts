import type { Producer, Transport } from 'mediasoup-client/types';
import type { ResumedMedia, Source } from '../../../media/signalling/messages.ts';
import { ChannelLost } from '../../shared/request-channel.ts';
import type { Channel } from '../signalling/channel.ts';

/** Simulcast layers of 180, 360 and 720 lines, so that each page receives what it shows. */
const CAMERA_ENCODINGS = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 450_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_100_000, scalabilityMode: 'L1T3' },
];
/** Sharp text matters more than motion. */
const SCREEN_ENCODINGS = [{ maxBitrate: 2_500_000 }];

/** The page's producers, one a source. */
export interface Sending {
  /** @throws RequestRefused when the server does not take it, ChannelLost when it is to be sent on the next channel */
  produce(source: Source, track: MediaStreamTrack, options?: { readonly paused?: boolean }): Promise<void>;
  /** Switches to another device. Does nothing for a source that is not sent. */
  replaceTrack(source: Source, track: MediaStreamTrack): Promise<void>;
  isSending(source: Source): boolean;
  /** Mutes here at once, and at the server. */
  setPaused(source: Source, paused: boolean): Promise<void>;
  /** The server has paused it already. */
  markPaused(source: Source): void;
  stop(source: Source): Promise<void>;
}

interface Stream {
  readonly producer: Producer;
  /** As the server confirmed last; null while a request for a change is under way. */
  pausedAtServer: boolean | null;
}

/**
 * `reconcile` continues after a lost channel with the producers that the server has, and returns whether the host muted
 * the microphone meanwhile.
 * @param options.spoiled the channel was lost in the middle of a negotiation; the transport cannot be used any more
 */
export const createSending = (options: {
  readonly transport: Transport;
  readonly channel: () => Channel;
  readonly spoiled: () => void;
}): Sending & {
  readonly reconcile: (producers: ResumedMedia['sent']) => { readonly muted: boolean };
} => {
  const { transport, channel } = options;
  const streams = new Map<Source, Stream>();

  transport.on('produce', ({ rtpParameters, appData }, done, failed) => {
    const { source, paused } = appData as { source: Source; paused: boolean };
    channel()
      .request('produce', { source, rtpParameters, paused })
      .then(
        ({ producerId }) => done({ id: producerId }),
        (error: Error) => {
          // mediasoup-client rolls back in parallel to other work, and the next negotiation would fail.
          if (error instanceof ChannelLost) options.spoiled();
          failed(error);
        },
      );
  });

  const sendPaused = async (stream: Stream): Promise<void> => {
    const { id: producerId, paused } = stream.producer;
    stream.pausedAtServer = null;
    await channel().request(paused ? 'pauseProducer' : 'resumeProducer', { producerId });
    stream.pausedAtServer = paused;
  };
  const closeMissing = (producers: ResumedMedia['sent']): void => {
    for (const [source, { producer }] of streams) {
      if (producers.some(({ producerId }) => producerId === producer.id)) continue;
      streams.delete(source);
      producer.close();
    }
  };

  return {
    async produce(source, track, { paused = false } = {}) {
      if (channel().isClosed) throw new ChannelLost(1006);
      if (source === 'screen') track.contentHint = 'detail';
      const producer = await transport.produce({
        track,
        stopTracks: false,
        appData: { source, paused },
        ...(source === 'microphone'
          ? { codecOptions: { opusDtx: true, opusFec: true, opusStereo: false } }
          : {}),
        ...(source === 'camera' ? { encodings: CAMERA_ENCODINGS } : {}),
        ...(source === 'screen' ? { encodings: SCREEN_ENCODINGS } : {}),
      });
      if (paused) producer.pause();
      streams.set(source, { producer, pausedAtServer: paused });
    },
    async replaceTrack(source, track) {
      await streams.get(source)?.producer.replaceTrack({ track });
    },
    isSending: (source) => streams.has(source),
    async setPaused(source, paused) {
      const stream = streams.get(source);
      if (stream === undefined) return;
      if (paused) stream.producer.pause();
      else stream.producer.resume();
      await sendPaused(stream);
    },
    markPaused(source) {
      const stream = streams.get(source);
      if (stream === undefined) return;
      stream.producer.pause();
      stream.pausedAtServer = true;
    },
    async stop(source) {
      const stream = streams.get(source);
      if (stream === undefined) return;
      streams.delete(source);
      stream.producer.close();
      await channel().request('closeProducer', { producerId: stream.producer.id });
    },
    reconcile(producers) {
      closeMissing(producers);
      let muted = false;
      for (const { producerId, source, paused } of producers) {
        const stream = streams.get(source);
        if (stream?.producer.id !== producerId) {
          // Begun or ended in the moment in which the channel was lost; what is wanted is sent again.
          channel()
            .request('closeProducer', { producerId })
            .catch(() => {});
          continue;
        }
        if (paused && stream.pausedAtServer === false) {
          muted ||= source === 'microphone';
          stream.producer.pause();
        }
        stream.pausedAtServer = paused;
        if (stream.producer.paused !== paused) sendPaused(stream).catch(() => {});
      }
      return { muted };
    },
  };
};
