/**
 * One process of the audio measurement. `ours` takes RTP of many speakers, `ffmpeg` that of one with the libraries
 * of FFmpeg, `sender` sends in real time. Speaks to its parent by IPC.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
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

/** Processor time that this process takes from now on, in milliseconds. */
const startMeter = (): (() => number) => {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
};

/** All packets come through one pipe, each after its length, as from mediasoup's worker. */
const ours = async (pipe: string, streams: number): Promise<void> => {
  const speakers = await Promise.all(
    Array.from({ length: streams }, () => createSpeakerAudio({ codec: 'opus', onAudio() {}, onPause() {} })),
  );
  const server = createServer().listen(pipe);
  await once(server, 'listening');
  say('listening');
  const [socket] = (await once(server, 'connection')) as [Socket];
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    rest = rest.length > 0 ? Buffer.concat([rest, bytes as Buffer]) : (bytes as Buffer);
    let at = 0;
    for (; rest.length - at > 2; ) {
      const end = at + 2 + rest.readUInt16BE(at);
      if (end > rest.length) break;
      const packet = parseRtp(rest.subarray(at + 2, end));
      if (packet !== null) speakers[packet.ssrc]?.packet(packet, performance.now());
      at = end;
    }
    rest = rest.subarray(at);
  });
  const ticks = setInterval(() => {
    for (const speaker of speakers) speaker.tick(performance.now());
  }, 50);
  const heardPackets = (): number =>
    speakers.reduce((total, speaker) => total + speaker.counters().packets, 0);
  await wait(warmMs);
  const meter = startMeter();
  const before = heardPackets();
  await wait(measuredMs);
  say({ tookMs: meter(), heardMs: (heardPackets() - before) * PACKET_MS });
  clearInterval(ticks);
  socket.destroy();
  server.close();
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
  let startedMs: number | null = null;
  for (;;) {
    if (input.readFrameSync(packet) < 0) throw new Error('the stream ended');
    startedMs ??= performance.now();
    const elapsedMs = performance.now() - startedMs;
    if (meter === null && elapsedMs >= warmMs) {
      meter = startMeter();
      samples = 0;
    }
    if (meter !== null && elapsedMs >= warmMs + measuredMs) break;
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
  say({ tookMs: meter(), heardMs: samples / 16 });
  // The demuxer waits in a thread of its own for packets that never come.
  process.exit(0);
};

/** Speakers do not speak in step: each of these parts of them sends 5 ms after the one before. */
const PHASES = 4;

/** Everybody talks all the time: the first so many into the pipe, one more to each port. Ends when it is killed. */
const sender = async (pipe: string, streams: number, ports: readonly number[]): Promise<void> => {
  const packets = (await sendOpus(await samplesOf('two-voices'))).map(({ rtp }) => rtp.payload);
  const udp = createSocket('udp4');
  const ours = connect(pipe);
  await once(ours, 'connect');
  const startedMs = performance.now();
  say('sending');
  for (let step = 0; ; step += 1) {
    const sent = Math.floor(step / PHASES);
    for (let stream = step % PHASES; stream < streams + ports.length; stream += PHASES) {
      const payload = packets[(sent + stream * 97) % packets.length]!;
      const bytes = Buffer.alloc(14 + payload.length);
      bytes.writeUInt16BE(12 + payload.length, 0);
      bytes.writeUInt16BE(0x806f, 2);
      bytes.writeUInt16BE(sent % 2 ** 16, 4);
      bytes.writeUInt32BE((sent * 960) % 2 ** 32, 6);
      bytes.writeUInt32BE(stream, 10);
      bytes.set(payload, 14);
      if (stream < streams) ours.write(bytes);
      else udp.send(bytes.subarray(2), ports[stream - streams]!, '127.0.0.1');
    }
    await wait(Math.max(0, startedMs + ((step + 1) * PACKET_MS) / PHASES - performance.now()));
  }
};

switch (role) {
  case 'ours':
    await ours(given[0] ?? '', Number(given[1]));
    break;
  case 'ffmpeg':
    ffmpeg(given[0] ?? '');
    break;
  case 'sender':
    await sender(given[0] ?? '', Number(given[1]), given.slice(2).map(Number));
    break;
  default:
    throw new Error(`unknown part: ${role}`);
}
