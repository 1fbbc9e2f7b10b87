import { Device } from 'mediasoup-client';
import type { RtpCapabilities, RtpParameters, Transport, TransportOptions } from 'mediasoup-client/types';
import type { ProbeDirection, ProbeTransport, Way } from '../../media/connectivity/messages.ts';
import type { ProbeChannel } from './channel.ts';
import { type Path, pathOf, receivedBytesOf } from './stats.ts';

/** Sound that went to the server and came back, and by which path. */
export interface ProbeResult {
  readonly path: Path;
  /** Of sound, at the server and back here. */
  readonly arrivedBytes: number;
  readonly returnedBytes: number;
}

/** Browsers try for some 15 s themselves; a path that takes longer is of no use in a meeting. */
const CONNECT_WITHIN_MS = 12_000;
const LOOK_EVERY_MS = 250;
/** Half a second of sound: more than what could be said to have arrived by accident. */
const ENOUGH_BYTES = 1_000;

/**
 * Sends a sound to the server by one way alone, and has it come back.
 * @throws Error with a sentence when it does not arrive, or does not return
 */
export const probeTransport = async (
  line: ProbeChannel,
  way: Way,
  track: MediaStreamTrack,
): Promise<ProbeResult> => {
  const begun = await line.request('begin', { way });
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: begun.rtpCapabilities as RtpCapabilities });
  const options = (transport: ProbeTransport): TransportOptions => ({
    ...transport,
    iceCandidates: [...transport.iceCandidates],
    iceServers: begun.iceServers.map((server) => ({ ...server, urls: [...server.urls] }) as RTCIceServer),
    iceTransportPolicy: way === 'relay' ? 'relay' : 'all',
  });
  const sending = device.createSendTransport(options(begun.send));
  const receiving = device.createRecvTransport(options(begun.receive));
  connects(sending, 'send', line);
  connects(receiving, 'receive', line);
  sending.on('produce', ({ rtpParameters }, done, failed) => {
    line.request('send', { rtpParameters }).then(({ producerId }) => done({ id: producerId }), failed);
  });
  let relayFault = '';
  sending.on('icecandidateerror', ({ errorCode, errorText }) => {
    // From 700 on they are the browser's own, and come also when all is well: about networks it has not.
    if (errorCode < 700) relayFault = `; the relay answers ${errorCode} ${errorText}`.trimEnd();
  });
  try {
    // Without DTX, so that a steady sound is a steady stream.
    await sending.produce({ track, stopTracks: false, codecOptions: { opusDtx: false } });
    const { recvRtpCapabilities } = device;
    const offered = await line.request('receive', { rtpCapabilities: recvRtpCapabilities });
    await receiving.consume({
      id: offered.consumerId,
      producerId: offered.producerId,
      kind: 'audio',
      rtpParameters: offered.rtpParameters as RtpParameters,
    });
    return await arrival(line, sending, receiving, () => relayFault);
  } finally {
    sending.close();
    receiving.close();
  }
};

const connects = (transport: Transport, direction: ProbeDirection, line: ProbeChannel): void => {
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    line.request('connect', { direction, dtlsParameters }).then(() => done(), failed);
  });
};

const arrival = async (
  line: ProbeChannel,
  sending: Transport,
  receiving: Transport,
  relayFault: () => string,
): Promise<ProbeResult> => {
  const lateMs = performance.now() + CONNECT_WITHIN_MS;
  for (;;) {
    const [{ receivedBytes: arrivedBytes }, sent, received] = await Promise.all([
      line.request('count', {}),
      sending.getStats(),
      receiving.getStats(),
    ]);
    const path = pathOf(sent);
    const returnedBytes = receivedBytesOf(received);
    if (path !== null && arrivedBytes >= ENOUGH_BYTES && returnedBytes >= ENOUGH_BYTES) {
      return { path, arrivedBytes, returnedBytes };
    }
    if (performance.now() > lateMs) {
      throw new Error(whyNot(sending.connectionState, arrivedBytes, returnedBytes) + relayFault());
    }
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
};

const whyNot = (state: string, arrivedBytes: number, returnedBytes: number): string => {
  if (state !== 'connected') return `no path was found in ${CONNECT_WITHIN_MS / 1_000} s`;
  if (arrivedBytes < ENOUGH_BYTES) return 'a path was found, but no sound arrived at the server';
  if (returnedBytes < ENOUGH_BYTES) return 'sound arrived at the server, but none came back';
  return 'sound went both ways, but the browser does not say by which path';
};
