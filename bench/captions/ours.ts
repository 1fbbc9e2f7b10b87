/**
 * Parley's side of the measurement, in its own process: a real media worker, speakers whose RTP arrives over UDP, a tap
 * on each, and from there what Parley runs, to captions on the pages of a real room. Only the database and the
 * chat, which get each final after the pages have it, are left out. Without an engine's address it ends before the live
 * stream, with chunks of 16 kHz audio.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../src/clock.ts';
import type { ConversationId, MemberId } from '../../src/core/ids.ts';
import type { AudioSink } from '../../src/core/ports.ts';
import { createSpeakerTranscriptions } from '../../src/flows/meetings/captions/transcription.ts';
import { CHANNEL_SERVER_OPTIONS, createRooms } from '../../src/media/index.ts';
import { createLevelObserver } from '../../src/media/levels.ts';
import { createRouters } from '../../src/media/routers.ts';
import { pipeSpeakerAudio } from '../../src/media/speaker-pipeline.ts';
import type { SentStream } from '../../src/media/streams.ts';
import { openTap, tapFormat } from '../../src/media/tap.ts';
import { createLiveSpeech } from '../../src/speech/live/index.ts';
import { opus, silentLog, startWorkers } from '../../test/media/support.ts';
import type { Microphone } from '../support/rtp.ts';

/** Processor time since the last request, and the audio received in it, of all speakers together. */
export interface Cost {
  readonly nodeMs: number;
  readonly workerMs: number;
  readonly heardMs: number;
}

const PACKET_MS = 20;
const [engineUrl = '', speakerCount = ''] = process.argv.slice(2);
const nowMs = (): number => performance.now();
const log = silentLog;

const workers = await startWorkers(Math.min(2, availableParallelism()));
const rooms = createRooms({
  workers: () => workers,
  iceServers: () => [],
  secret: new Uint8Array(32),
  clock: systemClock,
  log,
});
const meetingId = 'bench' as ConversationId;
const nothing = (): void => {};
const DEAF: AudioSink = { write: nothing, pause: nothing, close: nothing };
const room = await rooms.open(meetingId, {
  title: 'Counting',
  captionsOn: true,
  captionsStopped: null,
  mayAddPhone: false,
  parties: [],
  removed: [],
  nowMs,
  transcript: () => ({ lines: [], last: 0, more: false, parties: [] }),
  openAudioSink: () => DEAF,
  on: {
    joined: nothing,
    left: nothing,
    removed: nothing,
    captionsSwitched: nothing,
    ended: nothing,
    phoneRequested: async () => null,
    hangUpRequested: nothing,
  },
});
const speech = createLiveSpeech({
  apiKey: 'key',
  baseUrl: engineUrl,
  maxStreams: Number(speakerCount),
  clock: systemClock,
  log,
});
const transcriptions = createSpeakerTranscriptions({
  speech: { ...speech, transcribe: () => Promise.reject(new Error('there are no recordings here')) },
  kind: 'meeting',
  newStreamId: randomUUID,
  log,
  onCaption: (caption) => room.sendCaption(caption),
  onLine: nothing,
  onLost: nothing,
  onDelayed: (delayed) => room.setCaptionsDelayed(delayed),
});

let packets = 0;
const routers = createRouters({ workers, maxConsumersPerRouter: 400, lost: nothing });
const roomRouter = await routers.assign(0);
const streams = new Map<string, SentStream>();
const levels = createLevelObserver({
  routers,
  streams,
  on: { levels: nothing, activeSpeaker: nothing },
  log,
});
const openMicrophone = async (party: number): Promise<Microphone> => {
  const rtp = opus();
  const transport = await roomRouter.router.createPlainTransport({ listenIp: '127.0.0.1', comedia: true });
  const producer = await transport.produce({ kind: 'audio', rtpParameters: rtp });
  const sender = { id: `${party}`, roomRouter, sent: new Map(), close: nothing };
  const microphone: SentStream = { producer, source: 'microphone', sender };
  streams.set(producer.id, microphone);
  await levels.observe(microphone);
  const sink =
    engineUrl === '' ? DEAF : transcriptions.open(party, { encoding: 'linear16', sampleRateHz: 16_000 });
  const { codec } = tapFormat(producer);
  const listener = pipeSpeakerAudio({ codec, sink, nowMs, clock: systemClock, log });
  const on = {
    ...listener,
    packet(packet: Parameters<typeof listener.packet>[0]) {
      packets += 1;
      listener.packet(packet);
    },
  };
  await openTap(roomRouter.router, producer, { on, nowMs });
  const [encoding] = rtp.encodings ?? [];
  return {
    port: transport.tuple.localPort,
    ssrc: encoding?.ssrc ?? 0,
    payloadType: rtp.codecs[0]?.payloadType ?? 0,
  };
};
const microphones: Microphone[] = [];
for (let party = 0; party < Number(speakerCount); party += 1) microphones.push(await openMicrophone(party));

const pages = new WebSocketServer({ host: '127.0.0.1', port: 0, ...CHANNEL_SERVER_OPTIONS });
await once(pages, 'listening');
let guests = 0;
pages.on('connection', (ws) => {
  guests += 1;
  const person = { personId: `guest-${guests}` as MemberId, name: `Guest ${guests}`, host: false };
  rooms.serve(meetingId, ws, { person, browser: null, mustResume: false });
});

let before = { nodeMs: 0, workerMs: 0, heardMs: 0 };
process.on('message', async () => {
  const { user, system } = process.cpuUsage();
  const usage = await roomRouter.worker.worker.getResourceUsage();
  const now = {
    nodeMs: (user + system) / 1_000,
    workerMs: usage.ru_utime + usage.ru_stime,
    heardMs: packets * PACKET_MS,
  };
  const cost: Cost = {
    nodeMs: now.nodeMs - before.nodeMs,
    workerMs: now.workerMs - before.workerMs,
    heardMs: now.heardMs - before.heardMs,
  };
  before = now;
  process.send?.(cost);
});
process.send?.({
  microphones,
  pageUrl: `ws://127.0.0.1:${(pages.address() as AddressInfo).port}/`,
});
