/**
 * One process of the audio measurement: `ffmpeg` takes the RTP of one speaker with the libraries of FFmpeg, `sender`
 * sends in real time. Connected to its parent by IPC.
 */
import { createSocket } from 'node:dgram';
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
import { PACKET_MS, samplesOf, sendOpus } from '../../test/media/audio/support.ts';
import { type Microphone, opusPacket } from '../support/rtp.ts';

const [role, ...given] = process.argv.slice(2);
const say = (message: unknown): void => void process.send?.(message);

/** Processor time that this process takes from now on, in milliseconds. */
const startMeter = (): (() => number) => {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
};

/** What `ffmpeg -i STREAM.sdp -ac 1 -ar 16000 -f s16le` does, without its command line. */
const ffmpeg = (sdpFile: string, warmMs: number, measuredMs: number): void => {
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
  // The demuxer waits in its own thread for packets that never arrive.
  process.exit(0);
};

/** Speakers are not in step: each group sends 5 ms after the one before. */
const PHASES = 4;

/** All speakers talk all the time, until this process is killed. */
const sender = async (microphones: readonly Microphone[]): Promise<void> => {
  const packets = (await sendOpus(await samplesOf('two-voices'))).map(({ rtp }) => rtp.payload);
  const udp = createSocket('udp4');
  const startedMs = performance.now();
  say('sending');
  for (let step = 0; ; step += 1) {
    const sent = Math.floor(step / PHASES);
    for (let speaker = step % PHASES; speaker < microphones.length; speaker += PHASES) {
      const microphone = microphones[speaker]!;
      const payload = packets[(sent + speaker * 97) % packets.length]!;
      udp.send(opusPacket(microphone, sent, payload), microphone.port, '127.0.0.1');
    }
    await wait(Math.max(0, startedMs + ((step + 1) * PACKET_MS) / PHASES - performance.now()));
  }
};

switch (role) {
  case 'ffmpeg':
    ffmpeg(given[0] ?? '', Number(given[1]), Number(given[2]));
    break;
  case 'sender':
    process.once('message', (microphones: Microphone[]) => void sender(microphones));
    say('ready');
    break;
  default:
    throw new Error(`unknown part: ${role}`);
}
