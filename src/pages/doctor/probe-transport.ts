import { Device } from 'mediasoup-client';
import type { RtpCapabilities, RtpParameters, Transport, TransportOptions } from 'mediasoup-client/types';
import type {
  ProbeDirection,
  ProbeResponses,
  ProbeTransport,
  Way,
} from '../../media/connectivity/messages.ts';
import type { ProbeChannel } from './probe-channel.ts';
import { DETAILS } from './sentences.ts';
import { type MediaPath, receivedBytes, selectedPath } from './stats.ts';

/** Audio went to the server and came back. */
export interface ProbeResult {
  readonly path: MediaPath;
  readonly serverBytes: number;
  readonly returnedBytes: number;
}

/** Browsers try for some 15 s themselves; a path that takes longer is of no use in a meeting. */
const CONNECT_TIMEOUT_MS = 12_000;
const POLL_INTERVAL_MS = 250;
/** Half a second of audio, so that a few stray packets do not count. */
const MIN_BYTES = 1_000;

/**
 * Sends audio to the server over one route alone, and receives it back.
 * @throws Error whose message is a detail for the finding
 */
export const probeTransport = async (
  channel: ProbeChannel,
  route: Way,
  track: MediaStreamTrack,
): Promise<ProbeResult> => {
  const begun = await channel.request('begin', { way: route });
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: begun.rtpCapabilities as RtpCapabilities });
  const sending = device.createSendTransport(transportOptions(begun, begun.send, route));
  const receiving = device.createRecvTransport(transportOptions(begun, begun.receive, route));
  connectWith(channel, sending, 'send');
  connectWith(channel, receiving, 'receive');
  sending.on('produce', ({ rtpParameters }, done, failed) => {
    channel.request('send', { rtpParameters }).then(({ producerId }) => done({ id: producerId }), failed);
  });
  let relayError = '';
  sending.on('icecandidateerror', ({ errorCode, errorText }) => {
    // From 700 on they are the browser's own, and occur on working networks too.
    if (errorCode < 700) relayError = DETAILS.relayError(errorCode, errorText);
  });
  try {
    // Without DTX, which would send nothing during a steady tone.
    await sending.produce({ track, stopTracks: false, codecOptions: { opusDtx: false } });
    const { recvRtpCapabilities } = device;
    const offer = await channel.request('receive', { rtpCapabilities: recvRtpCapabilities });
    await receiving.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: 'audio',
      rtpParameters: offer.rtpParameters as RtpParameters,
    });
    return await waitForAudio(channel, sending, receiving, () => relayError);
  } finally {
    sending.close();
    receiving.close();
  }
};

const transportOptions = (
  { iceServers }: ProbeResponses['begin'],
  transport: ProbeTransport,
  route: Way,
): TransportOptions => ({
  ...transport,
  iceCandidates: [...transport.iceCandidates],
  iceServers: iceServers.map((server) => ({ ...server, urls: [...server.urls] }) as RTCIceServer),
  iceTransportPolicy: route === 'relay' ? 'relay' : 'all',
});

const connectWith = (channel: ProbeChannel, transport: Transport, direction: ProbeDirection): void => {
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    channel.request('connect', { direction, dtlsParameters }).then(() => done(), failed);
  });
};

const waitForAudio = async (
  channel: ProbeChannel,
  sending: Transport,
  receiving: Transport,
  relayError: () => string,
): Promise<ProbeResult> => {
  const deadlineMs = performance.now() + CONNECT_TIMEOUT_MS;
  for (;;) {
    const [{ receivedBytes: serverBytes }, sent, received] = await Promise.all([
      channel.request('count'),
      sending.getStats(),
      receiving.getStats(),
    ]);
    const path = selectedPath(sent);
    const returnedBytes = receivedBytes(received);
    if (path !== null && serverBytes >= MIN_BYTES && returnedBytes >= MIN_BYTES) {
      return { path, serverBytes, returnedBytes };
    }
    if (performance.now() > deadlineMs) {
      throw new Error(failureDetail(sending.connectionState, serverBytes, returnedBytes) + relayError());
    }
    await new Promise((next) => setTimeout(next, POLL_INTERVAL_MS));
  }
};

const failureDetail = (state: string, serverBytes: number, returnedBytes: number): string => {
  if (state !== 'connected') return DETAILS.noPath(CONNECT_TIMEOUT_MS / 1_000);
  if (serverBytes < MIN_BYTES) return DETAILS.nothingArrived;
  if (returnedBytes < MIN_BYTES) return DETAILS.nothingReturned;
  return DETAILS.unknownPath;
};
