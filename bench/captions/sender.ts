/**
 * The participants of the measurement, in their own process: all count at once, over RTP; their pages read the captions.
 * For comparison, a few more are sent directly to the engine, in the same chunks and at the same times.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Notification } from '../../src/media/signalling/messages.ts';
import { PACKET_MS } from '../../test/media/audio/support.ts';
import { connect } from '../../test/media/signalling/support.ts';
import { audioOnly } from '../../test/media/support.ts';
import { type Microphone, opusPacket } from '../support/rtp.ts';
import { recordTape } from './replay.ts';

/** The commands of the parent. */
export interface Order {
  readonly microphones: readonly Microphone[];
  readonly pageUrl: string;
  readonly pages: number;
  readonly engineUrl: string;
  readonly warmMs: number;
  readonly measuredMs: number;
}

/** From the packet with which a word can be known to the word, in milliseconds, one each. */
export interface Delays {
  readonly captions: readonly number[];
  readonly straight: readonly number[];
  /** Words without a caption. */
  readonly missing: number;
}

/** Speakers are not in step: each group sends 5 ms after the one before. */
const PHASES = 4;
/** The chunks of Parley. */
const PACKETS_A_PIECE = 5;
/** Speakers without us, each of whose pieces begin somewhere else. */
const STRAIGHT = PACKETS_A_PIECE;
/** After the last word; far more than any caption takes. */
const LAST_WORDS_MS = 2_000;

const tape = await recordTape();
const knownAt = new Map([...tape.knownAt].map(([number, packet]) => [packet, number]));
const udp = createSocket('udp4');

/** What waits for its caption, by speaker and word, with the time when it could be known. */
const createWaiting = () => {
  const waiting = new Map<string, number>();
  const delays: number[] = [];
  return {
    delays,
    get missing() {
      return waiting.size;
    },
    spoken: (key: string, atMs: number) => void waiting.set(key, atMs),
    arrived(key: string) {
      const saidMs = waiting.get(key);
      if (saidMs === undefined) return;
      waiting.delete(key);
      delays.push(performance.now() - saidMs);
    },
  };
};

const numbersIn = (text: string): string[] => [...text.matchAll(/m(\d+)/gi)].map(([, number]) => number!);

/** A speaker sent directly to the engine; takes the audio of a packet at a time. */
const openStraight = async (
  engineUrl: string,
  { first, arrived }: { readonly first: number; readonly arrived: (number: string) => void },
): Promise<(audio: Buffer) => void> => {
  const socket = new WebSocket(engineUrl.replace('http', 'ws'), { perMessageDeflate: false });
  socket.on('message', (data) => {
    for (const number of numbersIn((data as Buffer).toString())) arrived(number);
  });
  await once(socket, 'open');
  let piece: Buffer[] = Array.from({ length: first }, () => Buffer.alloc(0));
  return (audio) => {
    piece.push(audio);
    if (piece.length < PACKETS_A_PIECE) return;
    socket.send(Buffer.concat(piece));
    piece = [];
  };
};

/** A page in the meeting that receives captions. */
const openPage = async (url: string, onCaption: (caption: CaptionTold['caption']) => void): Promise<void> => {
  const page = await connect(url);
  await page.request('join', { rtpCapabilities: audioOnly(CAPABILITIES) });
  page.ws.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as Notification;
    if ('notification' in message && message.notification === 'caption') onCaption(message.caption);
  });
};
type CaptionTold = Extract<Notification, { notification: 'caption' }>;
const CAPABILITIES = {
  codecs: [
    {
      kind: 'audio' as const,
      mimeType: 'audio/opus',
      preferredPayloadType: 111,
      clockRate: 48_000,
      channels: 2,
      parameters: {},
      rtcpFeedback: [],
    },
  ],
  headerExtensions: [],
};

const run = async (order: Order): Promise<Delays> => {
  const { microphones, engineUrl } = order;
  const captions = createWaiting();
  const straight = createWaiting();
  for (let page = 0; page < order.pages; page += 1) {
    await openPage(order.pageUrl, ({ partyIndex, text }) => {
      if (page === 0) for (const number of numbersIn(text)) captions.arrived(`${partyIndex} ${number}`);
    });
  }
  const ways = await Promise.all(
    Array.from({ length: STRAIGHT }, (_, first) =>
      openStraight(engineUrl, { first, arrived: (number) => straight.arrived(`${first} ${number}`) }),
    ),
  );
  process.send?.('talking');

  const startedMs = performance.now();
  const endMs = order.warmMs + order.measuredMs;
  /** A speaker's position on the tape, different for each. */
  const placeOf = (speaker: number, sent: number): number => (sent + speaker * 97) % tape.packets.length;
  const measures = (): boolean => performance.now() - startedMs >= order.warmMs;
  for (let step = 0; performance.now() - startedMs < endMs; step += 1) {
    const sent = Math.floor(step / PHASES);
    for (let speaker = step % PHASES; speaker < microphones.length; speaker += PHASES) {
      const place = placeOf(speaker, sent);
      const microphone = microphones[speaker]!;
      udp.send(opusPacket(microphone, sent, tape.packets[place]!), microphone.port, '127.0.0.1');
      const word = knownAt.get(place);
      if (word !== undefined && measures()) captions.spoken(`${speaker} ${word}`, performance.now());
    }
    if (step % PHASES === 0) {
      for (const [way, send] of ways.entries()) {
        const place = placeOf(way, sent);
        send(tape.decoded[place]!);
        const word = knownAt.get(place);
        if (word !== undefined && measures()) straight.spoken(`${way} ${word}`, performance.now());
      }
    }
    await wait(Math.max(0, startedMs + ((step + 1) * PACKET_MS) / PHASES - performance.now()));
  }
  process.send?.('silent');
  const silentMs = performance.now();
  while (captions.missing > 0 && performance.now() - silentMs < LAST_WORDS_MS) await wait(20);
  return { captions: captions.delays, straight: straight.delays, missing: captions.missing };
};

process.once('message', async (order: Order) => process.send?.(await run(order)));
process.send?.('ready');
