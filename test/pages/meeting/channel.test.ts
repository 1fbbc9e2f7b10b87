import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Notification } from '../../../src/media/signalling/messages.ts';
import {
  type Channel,
  ChannelLost,
  openChannel,
  Refused,
  waitBeforeTryMs,
} from '../../../src/pages/meeting/channel.ts';
import { until } from '../../support/until.ts';

/** Against a real WebSocket server that a test answers for. */
let server: WebSocketServer;
let url: string;
let line: Channel | null;
const asked: { id: number; ask: string }[] = [];
const told: Notification[] = [];
const closed: number[] = [];
const silent: boolean[] = [];

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('connection', (ws) =>
    ws.on('message', (data) => asked.push(JSON.parse((data as Buffer).toString()))),
  );
  asked.length = told.length = closed.length = silent.length = 0;
});
afterEach(async () => {
  line?.close();
  for (const ws of server.clients) ws.terminate();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const open = (
  options: { answerWithinMs?: number; quietForMs?: number; silentAfterMs?: number } = {},
): Channel => {
  line = openChannel({
    url,
    on: {
      told: (news) => void told.push(news),
      silent: (isSilent) => void silent.push(isSilent),
      closed: (code) => void closed.push(code),
    },
    ...options,
  });
  return line;
};
const client = (): Promise<WebSocket> => until(() => [...server.clients][0]);
const say = async (message: object): Promise<void> => (await client()).send(JSON.stringify(message));

describe('the page’s line', () => {
  it('keeps what is asked before it is open, and gives each answer to whoever asked', async () => {
    const opened = open();
    expect(opened.isOver).toBe(false);
    const first = opened.request('raiseHand', { raised: true });
    const second = opened.request('mutePeer', { peerId: 'x' });
    await until(() => asked.length === 2);
    expect(asked).toEqual([
      { id: 1, request: 'raiseHand', raised: true },
      { id: 2, request: 'mutePeer', peerId: 'x' },
    ]);
    await say({ response: 2, ok: false, error: { code: 'not-allowed', sentence: 'Only the host may.' } });
    await say({ response: 99, ok: true, data: {} });
    await say({ response: 1, ok: true, data: {} });
    await expect(first).resolves.toEqual({});
    await expect(second).rejects.toMatchObject({ code: 'not-allowed', message: 'Only the host may.' });
    await expect(second).rejects.toBeInstanceOf(Refused);
  });

  it('hands on what the server tells', async () => {
    open();
    await say({ notification: 'peerLeft', peerId: 'p' });
    await until(() => told.length === 1);
    expect(told).toEqual([{ notification: 'peerLeft', peerId: 'p' }]);
  });

  it('says once with which code it was closed, and leaves nobody waiting', async () => {
    const opened = open();
    const waiting = opened.request('leave');
    (await client()).close(4410, 'over');
    await expect(waiting).rejects.toBeInstanceOf(ChannelLost);
    await until(() => closed.length === 1);
    await expect(opened.request('leave')).rejects.toBeInstanceOf(ChannelLost);
    expect(opened.isOver).toBe(true);
    opened.close();
    expect(closed).toEqual([4410]);
  });

  it('is lost when the server does not answer', async () => {
    const waiting = open({ answerWithinMs: 50 }).request('end');
    await expect(waiting).rejects.toBeInstanceOf(ChannelLost);
    expect(closed).toEqual([1006]);
  });

  it('asks for a sign of life when it is quiet, and is lost when none comes', async () => {
    open({ quietForMs: 20, answerWithinMs: 50 });
    await until(() => closed.length === 1);
    expect(asked).toEqual([{ id: 1, request: 'ping' }]);
    expect(closed).toEqual([1006]);
  });

  it('says when no sign of life comes, and when one does, before it gives the line up', async () => {
    open({ quietForMs: 20, silentAfterMs: 20 });
    await until(() => silent.length > 0);
    await say({ response: 1, ok: true, data: {} });
    await until(() => silent.length > 1);
    expect(silent.slice(0, 2)).toEqual([true, false]);
    expect(closed).toEqual([]);
  });

  it('lives on a quiet line that answers', async () => {
    server.on('connection', (ws) =>
      ws.on('message', (data) => {
        ws.send(JSON.stringify({ response: JSON.parse((data as Buffer).toString()).id, ok: true, data: {} }));
      }),
    );
    open({ quietForMs: 5, answerWithinMs: 5_000 });
    await until(() => asked.length > 5);
    expect(closed).toEqual([]);
    expect(silent).toEqual([]);
  });

  it('says that it never opened', async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    open();
    await until(() => closed.length === 1);
    expect(closed).toEqual([1006]);
    server = new WebSocketServer({ noServer: true });
  });
});

it.each([
  [0, 0, 150],
  [0, 1, 300],
  [3, 1, 2_400],
  [50, 0, 2_500],
  [50, 1, 5_000],
])('waits before try %i to come back, at random %f, for %i ms', (attempt, random, waitMs) => {
  expect(waitBeforeTryMs(attempt, random)).toBe(waitMs);
});
