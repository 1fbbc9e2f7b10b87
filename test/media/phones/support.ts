import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../src/clock.ts';
import { decodeMulaw, encodeMulaw } from '../../../src/core/audio/g711.ts';
import type { ConversationId, LegId, MemberId } from '../../../src/core/ids.ts';
import type { LiveOptions, PhoneParticipant, Room, RoomOptions } from '../../../src/core/ports.ts';
import { CHANNEL_SERVER_OPTIONS } from '../../../src/media/index.ts';
import { createRooms } from '../../../src/media/rooms.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { findAudio } from '../../support/audio-search.ts';
import { samplesOf } from '../audio/support.ts';
import { silentLog } from '../support.ts';

const FRAME_BYTES = 160;
const FRAME_MS = 20;

/** What the speech engine would be sent of one party. */
interface HeardParty {
  readonly party: number;
  readonly audio: LiveOptions['audio'];
  readonly pieces: { readonly audio: Uint8Array; readonly atMs: number }[];
  closed: boolean;
}

/** A room of the port, as the flows open it, with what they would hear of it; pages come in at `urlOf`. */
export const startRoom = async (workers: Workers, options: Partial<RoomOptions> = {}) => {
  const id = 'conversation-1' as ConversationId;
  const begunMs = performance.now();
  const nowMs = (): number => performance.now() - begunMs;
  const happened: string[] = [];
  const heard: HeardParty[] = [];
  const errors: { fields: object; message: string }[] = [];
  const rooms = createRooms({
    workers: () => workers,
    iceServers: () => [],
    secret: new Uint8Array(32),
    clock: systemClock,
    log: { ...silentLog, error: (fields, message) => void errors.push({ fields, message }) },
  });
  const room: Room = await rooms.open(id, {
    title: 'A call',
    captionsOn: true,
    captionsStopped: null,
    mayAddPhone: true,
    parties: [],
    removed: [],
    nowMs,
    transcript: () => ({ lines: [], last: 0, more: false, parties: [] }),
    openAudioSink(party, audio) {
      const one: HeardParty = { party, audio, pieces: [], closed: false };
      heard.push(one);
      return {
        write: (bytes, atMs) => void one.pieces.push({ audio: bytes, atMs }),
        pause: () => {},
        close: () => {
          one.closed = true;
        },
      };
    },
    on: {
      joined: (_, party, person) => void happened.push(`${person.personId} joined as ${party}`),
      left: (_, { browsers, phones }) => void happened.push(`left: ${browsers} and ${phones} phones`),
      removed: (personId) => void happened.push(`${personId} removed`),
      captionsSwitched: (on) => void happened.push(`captions ${on ? 'on' : 'off'}`),
      ended: (by) => void happened.push(`ended by ${by}`),
      phoneRequested: async () => null,
      hangUpRequested: () => {},
    },
    ...options,
  });
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...CHANNEL_SERVER_OPTIONS });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('connection', (ws, request) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const name = query.get('who') ?? 'no one';
    const personId = name.toLowerCase() as MemberId;
    const person = { personId, name, host: query.has('host') };
    rooms.serve(id, ws, { person, browser: null, mustResume: false });
  });
  return {
    room,
    heard,
    happened,
    /** What was logged as an error. */
    errors,
    nowMs,
    urlOf: (who: string) => `ws://127.0.0.1:${port}/?who=${who}`,
    heardOf: (party: number) => heard.filter((one) => one.party === party),
    async close() {
      rooms.close();
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

export interface TestPhone {
  readonly participant: PhoneParticipant;
  /** Every frame it was played, and when. */
  readonly played: { readonly frame: Uint8Array; readonly atMs: number }[];
  removed: number;
  /** Speaks in real time, 20 ms after 20 ms; resolves when it has. Its line's clock begins at `fromMs`. */
  speak(mulaw: Uint8Array, fromMs?: number): Promise<void>;
}

/** A phone in the room whose line is this test. */
export const addPhone = async (
  room: Room,
  legId: string,
  options: { readonly name?: string; readonly consented?: boolean } = {},
): Promise<TestPhone> => {
  const played: TestPhone['played'] = [];
  const participant = await room.addPhone(
    { legId: legId as LegId, name: options.name ?? legId, consented: options.consented ?? true },
    {
      play: (frame) => void played.push({ frame, atMs: performance.now() }),
      removed: () => {
        phone.removed += 1;
      },
    },
  );
  const phone: TestPhone = {
    participant,
    played,
    removed: 0,
    speak: (mulaw, fromMs = 0) =>
      new Promise((resolve) => {
        const begunMs = performance.now();
        let at = 0;
        const next = (): void => {
          for (; at * FRAME_MS <= performance.now() - begunMs; at += 1) {
            if (at * FRAME_BYTES >= mulaw.length) {
              resolve();
              return;
            }
            const frame = mulaw.subarray(at * FRAME_BYTES, (at + 1) * FRAME_BYTES);
            participant.receive(frame, fromMs + at * FRAME_MS);
          }
          setTimeout(next, Math.max(0, begunMs + at * FRAME_MS - performance.now()));
        };
        next();
      }),
  };
  return phone;
};

/** A stretch of a 16 kHz fixture as a phone sends it. */
export const mulawOf = async (name: string, fromMs: number, toMs: number): Promise<Uint8Array> => {
  const samples = (await samplesOf(name)).subarray(fromMs * 16, toMs * 16);
  return Uint8Array.from({ length: samples.length / 2 }, (_, at) => encodeMulaw(samples[at * 2]!));
};

export const linear = (mulaw: Uint8Array): Int16Array => Int16Array.from(mulaw, decodeMulaw);

/** All that a phone was played, one frame after the other. */
export const playedBy = ({ played }: Pick<TestPhone, 'played'>): Int16Array =>
  linear(Buffer.concat(played.map(({ frame }) => frame)));

const HALF_A_SECOND = 4_000;

/** A sound is there that is as alike as this. */
const CLEARLY = 0.9;

/**
 * How a phone heard what was said from `begunMs` on: half a second by half a second, and the best of them, since a
 * machine that stumbles leaves out some of all others. The delay is the middle one of those that are found, from what
 * is handed over to what is played.
 */
export const hearing = (
  phone: TestPhone,
  said: Int16Array,
  begunMs: number,
): { readonly correlation: number; readonly delayMs: number } => {
  const played = phone.played.filter(({ atMs }) => atMs >= begunMs);
  const heard = playedBy({ played });
  const found = [];
  for (let at = 0; at + HALF_A_SECOND <= said.length; at += HALF_A_SECOND) {
    const { correlation, atMs } = findAudio(said.subarray(at, at + HALF_A_SECOND), heard);
    const frame = played[Math.floor(atMs / FRAME_MS)];
    if (frame === undefined) continue;
    found.push({ correlation, delayMs: frame.atMs + (atMs % FRAME_MS) - begunMs - at / 8 });
  }
  return {
    correlation: Math.max(...found.map(({ correlation }) => correlation)),
    delayMs: median(found.filter(({ correlation }) => correlation > CLEARLY).map(({ delayMs }) => delayMs)),
  };
};

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
