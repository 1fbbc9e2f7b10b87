// The smallest page that can be in a meeting, for browser.test.ts: mediasoup-client over the real signalling, with
// the browser's made-up camera and microphone. The meeting page itself is src/pages/meeting.
import { Device } from 'mediasoup-client';

/** Joins, sends and receives; `enter` answers with what the test drives. */
export const enter = async (url, { protocol, camera = true }) => {
  const told = [];
  const received = new Map();
  const waiting = new Map();
  let socket;
  let number = 0;
  let sending;
  let receiving;
  let device;
  let joined;
  const producers = new Map();

  const request = (name, data = {}) =>
    new Promise((resolve, reject) => {
      number += 1;
      waiting.set(number, { resolve, reject });
      socket.send(JSON.stringify({ id: number, request: name, ...data }));
    });

  /** Resolves with what the room speaks. */
  const open = () =>
    new Promise((resolve, reject) => {
      socket = new WebSocket(url);
      socket.onerror = reject;
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.notification === 'welcome') resolve(message.rtpCapabilities);
        if (message.response === undefined) {
          told.push(message);
          void hear(message);
          return;
        }
        const { resolve: answered, reject: refused } = waiting.get(message.response);
        if (message.ok) answered(message.data);
        else refused(new Error(message.error.sentence));
      };
    });

  const hear = async (message) => {
    if (message.notification === 'mediaLost') await makeMedia();
    if (message.notification === 'consumerClosed') received.delete(message.consumerId);
    if (message.notification !== 'newConsumer') return;
    const { consumerId: id, producerId, kind, rtpParameters, source } = message;
    const consumer = await receiving.consume({ id, producerId, kind, rtpParameters });
    const element = document.createElement(kind);
    element.autoplay = true;
    element.srcObject = new MediaStream([consumer.track]);
    document.body.append(element);
    received.set(id, { source, peerId: message.peerId, consumer });
    await request('resumeConsumer', { consumerId: id });
  };

  const transport = async (direction) => {
    const { transportId: id, ...parameters } = await request('createTransport', { direction });
    // As a network does that lets only one of them through.
    parameters.iceCandidates = parameters.iceCandidates.filter(
      (candidate) => protocol === undefined || candidate.protocol === protocol,
    );
    const made =
      direction === 'send'
        ? device.createSendTransport({ id, ...parameters })
        : device.createRecvTransport({ id, ...parameters });
    made.on('connect', ({ dtlsParameters }, done, failed) => {
      void request('connectTransport', { transportId: id, dtlsParameters }).then(done, failed);
    });
    made.on('produce', ({ rtpParameters, appData }, done, failed) => {
      void request('produce', { source: appData.source, rtpParameters, paused: false }).then(
        ({ producerId }) => done({ id: producerId }),
        failed,
      );
    });
    return made;
  };

  const stream = await navigator.mediaDevices.getUserMedia({
    // As it is: what the test compares with is the file.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    video: camera && { width: 1280, height: 720 },
  });

  const makeMedia = async () => {
    sending?.close();
    receiving?.close();
    received.clear();
    sending = await transport('send');
    receiving = await transport('receive');
    const [voice] = stream.getAudioTracks();
    const [picture] = stream.getVideoTracks();
    producers.set(
      'microphone',
      await sending.produce({
        track: voice.clone(),
        codecOptions: { opusDtx: true, opusFec: true },
        appData: { source: 'microphone' },
      }),
    );
    if (picture === undefined) return;
    producers.set(
      'camera',
      await sending.produce({
        track: picture.clone(),
        encodings: [
          { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
          { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
          { scaleResolutionDownBy: 1, maxBitrate: 1_200_000, scalabilityMode: 'L1T3' },
        ],
        appData: { source: 'camera' },
      }),
    );
  };

  /** Also after `cut`, with the token of the first time. */
  const join = async () => {
    const routerRtpCapabilities = await open();
    device ??= await Device.factory();
    if (!device.loaded) await device.load({ routerRtpCapabilities });
    joined = await request('join', {
      rtpCapabilities: device.recvRtpCapabilities,
      ...(joined === undefined ? {} : { resumeToken: joined.resumeToken }),
    });
    await request('consent', { accepted: true });
    await makeMedia();
    return joined;
  };

  /** What has arrived and was decoded, by source. */
  const arrived = async () => {
    const sums = { microphone: 0, camera: 0, frameWidth: 0 };
    for (const { source, consumer } of received.values()) {
      for (const stat of (await consumer.getStats()).values()) {
        if (stat.type !== 'inbound-rtp') continue;
        sums[source] += source === 'camera' ? (stat.framesDecoded ?? 0) : (stat.totalSamplesReceived ?? 0);
        if (source === 'camera') sums.frameWidth = stat.frameWidth ?? 0;
      }
    }
    return sums;
  };

  /** Of one person's microphone, as the browser took it. */
  const soundOf = async (peerId) => {
    const sound = { packets: 0, lost: 0, energy: 0, codec: '' };
    for (const { source, peerId: whose, consumer } of received.values()) {
      if (source !== 'microphone' || whose !== peerId) continue;
      const stats = await consumer.getStats();
      for (const stat of stats.values()) {
        if (stat.type !== 'inbound-rtp') continue;
        sound.packets += stat.packetsReceived;
        sound.lost += stat.packetsLost;
        sound.energy += stat.totalAudioEnergy;
        sound.codec = stats.get(stat.codecId)?.mimeType ?? '';
      }
    }
    return sound;
  };

  return {
    told,
    join,
    arrived,
    soundOf,
    request,
    idOf: (source) => producers.get(source).id,
    consumerOf: (source) => [...received].find(([, each]) => each.source === source)?.[0],
    cut: () => socket.close(),
  };
};
