import { Device } from 'mediasoup-client';
import type { RtpCapabilities, Transport, TransportOptions } from 'mediasoup-client/types';
import type { IceServer, ResumedMedia, TransportIds } from '../../media/signalling/messages.ts';
import type { Channel } from './channel.ts';
import { keepPath, type Path } from './path.ts';
import { createReceiving, type Receiving } from './receiving.ts';
import { createSending, type Sending } from './sending.ts';

/** The browser's part of WebRTC, loaded with what the room speaks. */
export const loadDevice = async (routerRtpCapabilities: RtpCapabilities): Promise<Device> => {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities });
  return device;
};

/** What one page sends and receives. It outlives a broken line, if its paths do. */
export interface Media extends Sending, Receiving {
  /** Its transports, for a server to keep; null when they lead nowhere any more. */
  transports(): TransportIds | null;
  /**
   * Goes on over another line with what the server has. What is received is only told of; see `missed`.
   * Says whether the host muted the microphone meanwhile.
   */
  takeUp(line: Channel, kept: ResumedMedia, iceServers: readonly IceServer[]): { readonly muted: boolean };
  /** Stops nothing of the tracks that were given. Idempotent. */
  close(): void;
}

/** Opens the two transports. `broken` is called once, when a path is lost for good. */
export const openMedia = async (options: {
  readonly device: Device;
  readonly line: Channel;
  readonly iceServers: readonly IceServer[];
  readonly broken: () => void;
}): Promise<Media> => {
  const { device } = options;
  let { line } = options;
  /** A connection that was half made, or given up, is of no use on another line. */
  let isSpoiled = false;
  const spoil = (): void => {
    isSpoiled = true;
  };
  const paths: Path[] = [];

  const open = async (direction: 'send' | 'receive'): Promise<Transport> => {
    const { transportId: id, ...parameters } = await line.request('createTransport', { direction });
    const all = { id, ...parameters, iceServers: [...options.iceServers] } as TransportOptions;
    const transport =
      direction === 'send' ? device.createSendTransport(all) : device.createRecvTransport(all);
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      line.request('connectTransport', { transportId: id, dtlsParameters }).then(done, (error: Error) => {
        spoil();
        failed(error);
      });
    });
    const path = keepPath(transport, {
      ask: async () => (await line.request('restartIce', { transportId: id })).iceParameters,
      broken: () => {
        if (isSpoiled) return;
        spoil();
        options.broken();
      },
    });
    paths.push(path);
    return transport;
  };

  const sending = await open('send');
  const receiving = await open('receive').catch((error: unknown) => {
    sending.close();
    throw error;
  });
  const transports = [sending, receiving];
  const { agree, ...sends } = createSending({ transport: sending, line: () => line, spoiled: spoil });

  return {
    ...sends,
    ...createReceiving(receiving),
    transports() {
      const leadsNowhere = transports.some(
        ({ closed, connectionState }) => closed || connectionState === 'failed',
      );
      return isSpoiled || leadsNowhere ? null : { send: sending.id, receive: receiving.id };
    },
    takeUp(next, kept, iceServers) {
      line = next;
      for (const transport of transports) {
        // The credentials of the first ones may have run out.
        transport.updateIceServers({ iceServers: [...iceServers] as RTCIceServer[] }).catch(() => {});
      }
      // What broke the line may have been a change of networks, which media notices only after seconds.
      for (const path of paths) path.renew();
      return agree(kept.sent);
    },
    close() {
      for (const transport of transports) transport.close();
    },
  };
};
