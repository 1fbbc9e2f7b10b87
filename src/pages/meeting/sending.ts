import type { Producer, Transport } from 'mediasoup-client/types';
import type { ResumedMedia, Source } from '../../media/signalling/messages.ts';
import { type Channel, ChannelLost } from './channel.ts';

/** How a camera is sent: 180, 360 and 720 lines, so that everybody takes what their screen shows. */
const CAMERA_LAYERS = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 450_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_100_000, scalabilityMode: 'L1T3' },
];
/** Sharp letters matter more than motion. */
const SCREEN_LAYERS = [{ maxBitrate: 2_500_000 }];

/** What one page sends. */
export interface Sending {
  /** @throws Refused when the server does not take it, LineLost when it is to be sent on the next line */
  send(source: Source, track: MediaStreamTrack, options?: { readonly paused?: boolean }): Promise<void>;
  /** Sends another track in the same place: another microphone or camera. False when nothing was sent. */
  replace(source: Source, track: MediaStreamTrack): Promise<boolean>;
  sends(source: Source): boolean;
  /** Mutes here at once, and at the server. */
  setPaused(source: Source, paused: boolean): Promise<void>;
  /** As the server says it is already. */
  pauseHere(source: Source): void;
  stop(source: Source): Promise<void>;
}

interface Stream {
  readonly producer: Producer;
  /** At the server, as it said last; null while it is asked for a change. */
  pausedThere: boolean | null;
}

/**
 * `agree` takes up what is `there` after a broken line: whether the host muted the microphone meanwhile.
 * @param options.spoiled the line broke in the middle of beginning to send, and left the connection in disorder
 */
export const createSending = (options: {
  readonly transport: Transport;
  readonly line: () => Channel;
  readonly spoiled: () => void;
}): Sending & { readonly agree: (there: ResumedMedia['sent']) => { readonly muted: boolean } } => {
  const { transport, line } = options;
  const streams = new Map<Source, Stream>();

  transport.on('produce', ({ rtpParameters, appData }, done, failed) => {
    const { source, paused } = appData as { source: Source; paused: boolean };
    line()
      .request('produce', { source, rtpParameters, paused })
      .then(
        ({ producerId }) => done({ id: producerId }),
        (error: Error) => {
          // mediasoup-client takes back what it negotiated beside everything else, and the next negotiation trips over it.
          if (error instanceof ChannelLost) options.spoiled();
          failed(error);
        },
      );
  });

  const tellPaused = async (stream: Stream): Promise<void> => {
    const { id: producerId, paused } = stream.producer;
    stream.pausedThere = null;
    await line().request(paused ? 'pauseProducer' : 'resumeProducer', { producerId });
    stream.pausedThere = paused;
  };
  const dropWhatIsNot = (there: ResumedMedia['sent']): void => {
    for (const [source, { producer }] of streams) {
      if (there.some(({ producerId }) => producerId === producer.id)) continue;
      streams.delete(source);
      producer.close();
    }
  };

  return {
    async send(source, track, { paused = false } = {}) {
      if (line().isOver) throw new ChannelLost();
      if (source === 'screen') track.contentHint = 'detail';
      const producer = await transport.produce({
        track,
        stopTracks: false,
        appData: { source, paused },
        ...(source === 'microphone'
          ? { codecOptions: { opusDtx: true, opusFec: true, opusStereo: false } }
          : {}),
        ...(source === 'camera' ? { encodings: CAMERA_LAYERS } : {}),
        ...(source === 'screen' ? { encodings: SCREEN_LAYERS } : {}),
      });
      if (paused) producer.pause();
      streams.set(source, { producer, pausedThere: paused });
    },
    async replace(source, track) {
      const stream = streams.get(source);
      await stream?.producer.replaceTrack({ track });
      return stream !== undefined;
    },
    sends: (source) => streams.has(source),
    async setPaused(source, paused) {
      const stream = streams.get(source);
      if (stream === undefined) return;
      if (paused) stream.producer.pause();
      else stream.producer.resume();
      await tellPaused(stream);
    },
    pauseHere(source) {
      const stream = streams.get(source);
      if (stream === undefined) return;
      stream.producer.pause();
      stream.pausedThere = true;
    },
    async stop(source) {
      const stream = streams.get(source);
      if (stream === undefined) return;
      streams.delete(source);
      stream.producer.close();
      await line().request('closeProducer', { producerId: stream.producer.id });
    },
    agree(there) {
      dropWhatIsNot(there);
      let muted = false;
      for (const { producerId, source, paused } of there) {
        const stream = streams.get(source);
        if (stream?.producer.id !== producerId) {
          // Begun or ended in the moment in which the line broke; what is wanted is sent anew.
          line()
            .request('closeProducer', { producerId })
            .catch(() => {});
          continue;
        }
        if (paused && stream.pausedThere === false) {
          muted ||= source === 'microphone';
          stream.producer.pause();
        }
        stream.pausedThere = paused;
        if (stream.producer.paused !== paused) tellPaused(stream).catch(() => {});
      }
      return { muted };
    },
  };
};
