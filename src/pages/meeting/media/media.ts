import { Device } from 'mediasoup-client';
import type { RtpCapabilities, Transport, TransportOptions } from 'mediasoup-client/types';
import type { IceServer, ResumedMedia, TransportIds } from '../../../media/signalling/messages.ts';
import type { Channel } from '../signalling/channel.ts';
import { createIceRestarter, type IceRestarter } from './ice-restart.ts';
import { createReceiving, type Receiving } from './receiving.ts';
import { createSending, type Sending } from './sending.ts';

/** mediasoup-client's device, loaded with the router's capabilities. */
export const loadDevice = async (routerRtpCapabilities: RtpCapabilities): Promise<Device> => {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities });
  return device;
};

/** The page's two transports and what flows over them. They outlive a lost channel as long as they are connected. */
export interface Media extends Sending, Receiving {
  /** For the server to keep; null when a transport has failed. */
  transports(): TransportIds | null;
  /**
   * Continues over another channel with the producers that the server has; for the consumers, see
   * `missedNotifications`. Returns whether the host muted the microphone meanwhile.
   */
  resume(
    channel: Channel,
    resumed: ResumedMedia,
    iceServers: readonly IceServer[],
  ): { readonly muted: boolean };
  /** Does not stop the tracks. Idempotent. */
  close(): void;
}

/** Opens the two transports. `failed` is called once, when one has lost its path for good. */
export const openMedia = async (options: {
  readonly device: Device;
  readonly channel: Channel;
  readonly iceServers: readonly IceServer[];
  readonly failed: () => void;
}): Promise<Media> => {
  const { device } = options;
  let { channel } = options;
  /** A transport that was half connected, or given up, cannot be resumed. */
  let isSpoiled = false;
  const spoil = (): void => {
    isSpoiled = true;
  };
  const iceRestarters: IceRestarter[] = [];

  const openTransport = async (direction: 'send' | 'receive'): Promise<Transport> => {
    const { transportId: id, ...parameters } = await channel.request('createTransport', { direction });
    const all = { id, ...parameters, iceServers: [...options.iceServers] } as TransportOptions;
    const transport =
      direction === 'send' ? device.createSendTransport(all) : device.createRecvTransport(all);
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      channel.request('connectTransport', { transportId: id, dtlsParameters }).then(done, (error: Error) => {
        spoil();
        failed(error);
      });
    });
    const restarter = createIceRestarter(transport, {
      requestRestart: async () => (await channel.request('restartIce', { transportId: id })).iceParameters,
      failed: () => {
        if (isSpoiled) return;
        spoil();
        options.failed();
      },
    });
    iceRestarters.push(restarter);
    return transport;
  };

  const sendTransport = await openTransport('send');
  const receiveTransport = await openTransport('receive').catch((error: unknown) => {
    sendTransport.close();
    throw error;
  });
  const transports = [sendTransport, receiveTransport];
  const { reconcile, ...sending } = createSending({
    transport: sendTransport,
    channel: () => channel,
    spoiled: spoil,
  });

  return {
    ...sending,
    ...createReceiving(receiveTransport),
    transports() {
      const hasFailed = transports.some(
        ({ closed, connectionState }) => closed || connectionState === 'failed',
      );
      return isSpoiled || hasFailed ? null : { send: sendTransport.id, receive: receiveTransport.id };
    },
    resume(next, resumed, iceServers) {
      channel = next;
      for (const transport of transports) {
        // The credentials of the first ones may have expired.
        transport.updateIceServers({ iceServers: [...iceServers] as RTCIceServer[] }).catch(() => {});
      }
      // The channel may have been lost to a change of networks, which media alone notices only after seconds.
      for (const restarter of iceRestarters) restarter.restart();
      return reconcile(resumed.sent);
    },
    close() {
      for (const transport of transports) transport.close();
    },
  };
};
