import { Device } from 'mediasoup-client';
import type {
  Consumer,
  Producer,
  RtpCapabilities,
  Transport,
  TransportOptions,
} from 'mediasoup-client/types';
import type { IceServer, Notification, Source } from '../media/signalling/messages.ts';
import type { Line } from './line.ts';

type NewConsumer = Extract<Notification, { tell: 'newConsumer' }>;

/** How a camera is sent: 180, 360 and 720 lines, so that everybody takes what their screen shows. */
const CAMERA_LAYERS = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 450_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_100_000, scalabilityMode: 'L1T3' },
];
/** Sharp letters matter more than motion. */
const SCREEN_LAYERS = [{ maxBitrate: 2_500_000 }];

/** A broken path often mends itself within this; later a new one is looked for. */
const RESTART_ICE_AFTER_MS = 1_500;
/** A path that is not found again within this is given up, with the line, and everything is made anew. */
const GIVE_UP_AFTER_MS = 8_000;

/** The browser's part of WebRTC, loaded with what the room speaks. */
export const loadDevice = async (routerRtpCapabilities: RtpCapabilities): Promise<Device> => {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities });
  return device;
};

/** What one page sends and receives, over one line. A new line gets a new one. */
export interface Media {
  /** @throws Refused when the server does not take it */
  send(source: Source, track: MediaStreamTrack, options?: { readonly paused?: boolean }): Promise<void>;
  /** Sends another track in the same place: another microphone or camera. False when nothing was sent. */
  replace(source: Source, track: MediaStreamTrack): Promise<boolean>;
  sends(source: Source): boolean;
  /** Mutes here at once, and at the server. */
  setPaused(source: Source, paused: boolean): Promise<void>;
  /** As the server says it is already. */
  pauseHere(source: Source): void;
  stop(source: Source): Promise<void>;
  /** Opens what the server offers; the track is then `track(consumerId)`. It stays paused. */
  receive(offered: NewConsumer): Promise<void>;
  forget(consumerId: string): void;
  track(consumerId: string): MediaStreamTrack | null;
  stats(consumerId: string): Promise<RTCStatsReport | null>;
  /** Stops nothing of the tracks that were given. Idempotent. */
  close(): void;
}

/** Opens the two transports. `broken` is called when a path is lost for good. */
export const openMedia = async (options: {
  readonly device: Device;
  readonly line: Line;
  readonly iceServers: readonly IceServer[];
  readonly broken: () => void;
}): Promise<Media> => {
  const { device, line } = options;
  const producers = new Map<Source, Producer>();
  const consumers = new Map<string, Consumer>();

  const open = async (direction: 'send' | 'receive'): Promise<Transport> => {
    const { transportId: id, ...parameters } = await line.ask('createTransport', { direction });
    const all = { id, ...parameters, iceServers: [...options.iceServers] } as TransportOptions;
    const transport =
      direction === 'send' ? device.createSendTransport(all) : device.createRecvTransport(all);
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      line.ask('connectTransport', { transportId: id, dtlsParameters }).then(done, failed);
    });
    keepPath(transport, line, options.broken);
    return transport;
  };

  const sending = await open('send');
  sending.on('produce', ({ rtpParameters, appData }, done, failed) => {
    const { source, paused } = appData as { source: Source; paused: boolean };
    line
      .ask('produce', { source, rtpParameters, paused })
      .then(({ producerId }) => done({ id: producerId }), failed);
  });
  const receiving = await open('receive').catch((error: unknown) => {
    sending.close();
    throw error;
  });

  return {
    async send(source, track, { paused = false } = {}) {
      if (source === 'screen') track.contentHint = 'detail';
      const producer = await sending.produce({
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
      producers.set(source, producer);
    },
    async replace(source, track) {
      const producer = producers.get(source);
      await producer?.replaceTrack({ track });
      return producer !== undefined;
    },
    sends: (source) => producers.has(source),
    async setPaused(source, paused) {
      const producer = producers.get(source);
      if (producer === undefined) return;
      if (paused) producer.pause();
      else producer.resume();
      await line.ask(paused ? 'pauseProducer' : 'resumeProducer', { producerId: producer.id });
    },
    pauseHere: (source) => producers.get(source)?.pause(),
    async stop(source) {
      const producer = producers.get(source);
      if (producer === undefined) return;
      producers.delete(source);
      producer.close();
      await line.ask('closeProducer', { producerId: producer.id });
    },
    async receive({ consumerId: id, producerId, kind, rtpParameters, peerId, source }) {
      const parameters = rtpParameters as Consumer['rtpParameters'];
      // One stream of a person keeps lips and voice together; a screen has a time of its own.
      const streamId = `${peerId}-${source === 'screen' ? 'screen' : 'person'}`;
      const consumer = await receiving.consume({ id, producerId, kind, rtpParameters: parameters, streamId });
      consumers.set(id, consumer);
    },
    forget(consumerId) {
      consumers.get(consumerId)?.close();
      consumers.delete(consumerId);
    },
    track: (consumerId) => consumers.get(consumerId)?.track ?? null,
    stats: async (consumerId) => (await consumers.get(consumerId)?.getStats()) ?? null,
    close() {
      sending.close();
      receiving.close();
    },
  };
};

/** Looks for a new path when the old one breaks, and gives up when there is none. */
const keepPath = (transport: Transport, line: Line, broken: () => void): void => {
  let restart: ReturnType<typeof setTimeout> | undefined;
  let giveUp: ReturnType<typeof setTimeout> | undefined;
  const calm = (): void => {
    clearTimeout(restart);
    clearTimeout(giveUp);
    restart = giveUp = undefined;
  };
  const restartIce = async (): Promise<void> => {
    const { iceParameters } = await line.ask('restartIce', { transportId: transport.id });
    await transport.restartIce({ iceParameters });
  };
  transport.on('connectionstatechange', (state) => {
    if (state === 'connected' || state === 'closed') calm();
    if (state !== 'disconnected' && state !== 'failed') return;
    restart ??= setTimeout(
      // A line that is lost meanwhile brings new transports with it.
      () => void restartIce().catch(() => {}),
      state === 'failed' ? 0 : RESTART_ICE_AFTER_MS,
    );
    giveUp ??= setTimeout(broken, GIVE_UP_AFTER_MS);
  });
  transport.observer.once('close', calm);
};
