/**
 * One process of the audio measurement. `ours` takes RTP of many speakers, `ffmpeg` that of one with the libraries
 * of FFmpeg, `sender` sends in real time. Speaks to its parent by IPC.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { AV_CHANNEL_LAYOUT_MONO, AV_LOG_QUIET, AV_SAMPLE_FMT_S16 } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Log,
  Packet,
  SoftwareResampleContext,
} from 'node-av/lib';
import { parseRtp } from '../../src/media/audio/rtp.ts';
import { createSpeakerAudio } from '../../src/media/audio/speaker-audio.ts';
import { PACKET_MS, samplesOf, sendOpus } from '../../test/media/audio/support.ts';

const [role, ...given] = process.argv.slice(2);
const warmMs = Number(process.env.WARM_MS);
const measuredMs = Number(process.env.MEASURED_MS);
const say = (message: unknown): void => void process.send?.(message);

const bind = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

/** Processor time that this process takes, as a part of one core, between two moments. */
const startMeter = (): (() => number) => {
  const [before, startMs] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / (performance.now() - startMs);
  };
};

const ours = async (streams: number): Promise<void> => {
  const sockets = await Promise.all(Array.from({ length: streams }, bind));
  let sentBytes = 0;
  const speakers = await Promise.all(
    sockets.map(async (socket) => {
      const audio = await createSpeakerAudio({
        codec: 'opus',
        onAudio: (pcm) => {
          sentBytes += pcm.length;
        },
        onPause() {},
      });
      socket.on('message', (bytes) => {
        const packet = parseRtp(bytes);
        if (packet !== null) audio.packet(packet, performance.now());
      });
      return audio;
    }),
  );
  const ticks = setInterval(() => {
    for (const speaker of speakers) speaker.tick(performance.now());
  }, 50);
  say(sockets.map((socket) => (socket.address() as AddressInfo).port));
  await wait(warmMs);
  const meter = startMeter();
  sentBytes = 0;
  await wait(measuredMs);
  say({ cores: meter(), heardMs: sentBytes / 32 / streams });
  clearInterval(ticks);
  for (const socket of sockets) socket.close();
  for (const speaker of speakers) speaker.close();
};

/** What `ffmpeg -i STREAM.sdp -ac 1 -ar 16000 -f s16le` does, without its command line. */
const ffmpeg = (sdpFile: string): void => {
  Log.setLevel(AV_LOG_QUIET);
  const input = new FormatContext();
  using settings = Dictionary.fromObject({
    protocol_whitelist: 'file,udp,rtp',
    probesize: '32',
    analyzeduration: '0',
  });
  if (input.openInputSync(sdpFile, null, settings) < 0) throw new Error('FFmpeg does not open the stream');
  const [stream] = input.streams;
  const codec = stream && Codec.findDecoder(stream.codecpar.codecId);
  if (!stream || !codec) throw new Error('FFmpeg finds no Opus in the stream');
  using decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  if (decoder.open2Sync(codec, null) < 0) throw new Error('FFmpeg does not decode the stream');
  using packet = new Packet();
  packet.alloc();
  using frame = new Frame();
  frame.alloc();
  let resampler: SoftwareResampleContext | null = null;
  const room = Buffer.alloc(16_000);
  let samples = 0;
  let meter: (() => number) | null = null;
  const startedMs = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    if (meter === null && elapsedMs >= warmMs) {
      meter = startMeter();
      samples = 0;
    }
    if (meter !== null && elapsedMs >= warmMs + measuredMs) break;
    if (input.readFrameSync(packet) < 0) throw new Error('the stream ended');
    decoder.sendPacketSync(packet);
    packet.unref();
    while (decoder.receiveFrameSync(frame) >= 0) {
      if (resampler === null) {
        resampler = new SoftwareResampleContext();
        const format = frame.format as Parameters<SoftwareResampleContext['allocSetOpts2']>[4];
        resampler.allocSetOpts2(
          AV_CHANNEL_LAYOUT_MONO,
          AV_SAMPLE_FMT_S16,
          16_000,
          frame.channelLayout,
          format,
          frame.sampleRate,
        );
        if (resampler.init() < 0) throw new Error('FFmpeg does not resample the stream');
      }
      samples += Math.max(0, resampler.convertSync([room], 8_000, frame.extendedData, frame.nbSamples));
      frame.unref();
    }
  }
  say({ cores: meter(), heardMs: samples / 16 });
  // The demuxer waits in a thread of its own for packets that never come.
  process.exit(0);
};

/** Everybody talks all the time, each a little after the one before. Ends when it is killed. */
const sender = async (ports: readonly number[]): Promise<void> => {
  const packets = (await sendOpus(await samplesOf('two-voices'))).map(({ rtp }) => rtp.payload);
  const socket = await bind();
  const startedMs = performance.now();
  say('sending');
  for (let sent = 0; ; sent += 1) {
    for (const [stream, port] of ports.entries()) {
      const payload = packets[(sent + stream * 97) % packets.length]!;
      const bytes = Buffer.alloc(12 + payload.length);
      bytes.writeUInt16BE(0x806f, 0);
      bytes.writeUInt16BE(sent % 2 ** 16, 2);
      bytes.writeUInt32BE((sent * 960) % 2 ** 32, 4);
      bytes.writeUInt32BE(stream + 1, 8);
      bytes.set(payload, 12);
      socket.send(bytes, port, '127.0.0.1');
    }
    await wait(Math.max(0, startedMs + (sent + 1) * PACKET_MS - performance.now()));
  }
};

switch (role) {
  case 'ours':
    await ours(Number(given[0]));
    break;
  case 'ffmpeg':
    ffmpeg(given[0] ?? '');
    break;
  case 'sender':
    await sender(given.map(Number));
    break;
  default:
    throw new Error(`unknown part: ${role}`);
}
