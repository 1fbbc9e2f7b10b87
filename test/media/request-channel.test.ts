import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { AppError } from '../../src/core/error.ts';
import { Refused } from '../../src/media/refused.ts';
import { openRequestChannel, type RequestChannel, requestId } from '../../src/media/request-channel.ts';
import { createVirtualClock, type VirtualClock } from '../fakes/clock.ts';
import { silentLog } from './support.ts';

/** A socket of which the test is the other end. */
class FakeSocket extends EventEmitter {
  readyState: 0 | 1 | 2 | 3 = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  pings = 0;
  closedWith: number | null = null;
  terminated = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  ping(): void {
    this.pings += 1;
  }
  close(code: number): void {
    this.readyState = WebSocket.CLOSING;
    this.closedWith = code;
  }
  terminate(): void {
    this.terminated = true;
    this.readyState = WebSocket.CLOSED;
    this.emit('close');
  }
}

const schema = z.discriminatedUnion('request', [
  z.object({ id: requestId, request: z.literal('now'), value: z.number() }),
  z.object({ id: requestId, request: z.literal('later') }),
  z.object({ id: requestId, request: z.enum(['refuse', 'misuse', 'fail', 'break']) }),
]);
type Request = z.output<typeof schema>;

let clock: VirtualClock;
let socket: FakeSocket;
let channel: RequestChannel;
let closed: number;
let logged: { level: string; request: unknown; message: string }[];
let finish: () => void;

const handle = (request: Request): unknown => {
  switch (request.request) {
    case 'now':
      return { value: request.value };
    case 'later':
      return new Promise((resolve) => {
        finish = () => resolve({});
      });
    case 'refuse':
      throw new Refused('not-allowed', { sentence: 'Only the host can do that.' });
    case 'misuse':
      throw new Refused('wrong-order', { reason: 'no transport yet' });
    case 'fail':
      throw new AppError({ code: 'media-failed', retryable: false, userMessage: 'Ask your admin.' });
    case 'break':
      throw new Error('a secret detail');
  }
};

beforeEach(() => {
  clock = createVirtualClock();
  socket = new FakeSocket();
  closed = 0;
  logged = [];
  const log = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, request: 'request' in fields ? fields.request : undefined, message });
  channel = openRequestChannel({
    ws: socket as unknown as WebSocket,
    schema,
    handle,
    limit: { burst: 3, perSecond: 1 },
    closed: () => {
      closed += 1;
    },
    clock,
    log: { ...silentLog, warn: log('warn'), error: log('error') },
  });
});

const receive = async (message: object | string): Promise<void> => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  socket.emit('message', Buffer.from(text), false);
  await clock.advance(0);
};

describe('requests of a page', () => {
  it('get one response each, in their order', async () => {
    await receive({ id: 1, request: 'later' });
    await receive({ id: 2, request: 'now', value: 7 });
    expect(socket.sent).toEqual([]);
    finish();
    await clock.advance(0);
    expect(socket.sent).toEqual([
      { response: 1, ok: true, data: {} },
      { response: 2, ok: true, data: { value: 7 } },
    ]);
  });

  it.each([
    ['refuse', 'not-allowed', 'Only the host can do that.', []],
    ['misuse', 'wrong-order', 'Something went wrong. Try again.', ['warn: a request was refused']],
    ['fail', 'failed', 'Ask your admin.', ['error: a request failed']],
    ['break', 'failed', 'Something went wrong. Try again.', ['error: a request failed']],
  ])(
    'that %s are refused in a sentence for people, and logged where it says too little',
    async (request, code, sentence, lines) => {
      await receive({ id: 1, request });
      expect(socket.sent).toEqual([{ response: 1, ok: false, error: { code, sentence } }]);
      expect(logged.map(({ level, message }) => `${level}: ${message}`)).toEqual(lines);
      expect(JSON.stringify([socket.sent, logged])).not.toContain('secret');
    },
  );

  it('of another protocol are refused when they have a number, and otherwise end the channel', async () => {
    await receive({ id: 4, request: 'dance' });
    expect(socket.sent).toMatchObject([{ response: 4, ok: false, error: { code: 'bad-request' } }]);
    await receive('hello');
    expect(socket.closedWith).toBe(4400);
    await clock.advance(1_000);
    expect(socket.terminated).toBe(true);
  });

  it('beyond the limit end the channel, which otherwise recovers in time', async () => {
    for (const id of [1, 2, 3]) await receive({ id, request: 'now', value: id });
    await clock.advance(2_000);
    for (const id of [4, 5]) await receive({ id, request: 'now', value: id });
    expect(socket.sent).toHaveLength(5);
    await receive({ id: 6, request: 'now', value: 6 });
    expect([socket.closedWith, socket.sent.length]).toEqual([4429, 5]);
  });
});

describe('a page', () => {
  it('that answers pings keeps its channel, and loses it when it does not', async () => {
    await clock.advance(10_000);
    socket.emit('pong');
    await clock.advance(10_000);
    expect([socket.pings, socket.terminated]).toEqual([2, false]);
    await clock.advance(10_000);
    expect([socket.terminated, closed]).toEqual([true, 1]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('that does not read is dropped', async () => {
    channel.send('{"notification":"a"}');
    socket.bufferedAmount = 2 * 1024 * 1024;
    channel.send('{"notification":"b"}');
    expect(socket.sent).toEqual([{ notification: 'a' }]);
    expect(socket.closedWith).toBe(4430);
    channel.send('{"notification":"c"}');
    expect(channel.open).toBe(false);
  });
});
