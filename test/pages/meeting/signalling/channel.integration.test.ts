import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Notification } from '../../../../src/media/signalling/messages.ts';
import { type Channel, openChannel } from '../../../../src/pages/meeting/signalling/channel.ts';
import { eventually, fakeBrowserTimers } from '../../support/browser-timers.ts';

/** Against a real WebSocket server, whose messages the test sends. */
let server: WebSocketServer;
let channel: Channel | null;
const requests: { id: number; request: string }[] = [];
const notifications: Notification[] = [];
const closed: number[] = [];
const unresponsive: boolean[] = [];

beforeEach(async () => {
  fakeBrowserTimers();
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (ws) =>
    ws.on('message', (data) => requests.push(JSON.parse((data as Buffer).toString()))),
  );
  requests.length = notifications.length = closed.length = unresponsive.length = 0;
});
afterEach(async () => {
  channel?.close();
  for (const ws of server.clients) ws.terminate();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  vi.useRealTimers();
});

const IDLE_MS = 4_000;
const UNRESPONSIVE_AFTER_MS = 1_500;
const RESPONSE_TIMEOUT_MS = 8_000;

const open = (): Channel => {
  channel = openChannel({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    on: {
      notification: (notification) => void notifications.push(notification),
      unresponsive: (isUnresponsive) => void unresponsive.push(isUnresponsive),
      closed: (code) => void closed.push(code),
    },
  });
  return channel;
};
const client = (): Promise<WebSocket> => eventually(() => [...server.clients][0]);
const send = async (message: object): Promise<void> => (await client()).send(JSON.stringify(message));

describe('the signalling channel', () => {
  it('passes on notifications and the close code', async () => {
    open();
    await send({ notification: 'peerLeft', peerId: 'p' });
    await eventually(() => notifications.length === 1);
    expect(notifications).toEqual([{ notification: 'peerLeft', peerId: 'p' }]);
    (await client()).close(4410, 'over');
    await eventually(() => closed.length === 1);
    expect(closed).toEqual([4410]);
  });

  it('closes when a response does not come in time', async () => {
    const rejected = expect(open().request('end')).rejects.toMatchObject({ code: 1006 });
    await eventually(() => requests.length === 1);
    vi.advanceTimersByTime(RESPONSE_TIMEOUT_MS);
    await rejected;
    expect(closed).toEqual([1006]);
  });

  it('pings a server that sends nothing, and reports and closes when there is no response', async () => {
    await opened();
    vi.advanceTimersByTime(IDLE_MS);
    await eventually(() => requests.length === 1);
    expect(requests).toEqual([{ id: 1, request: 'ping' }]);
    expect(unresponsive).toEqual([]);
    vi.advanceTimersByTime(UNRESPONSIVE_AFTER_MS);
    expect(unresponsive).toEqual([true]);
    vi.advanceTimersByTime(RESPONSE_TIMEOUT_MS - UNRESPONSIVE_AFTER_MS - 1);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(closed).toEqual([1006]);
  });

  it('reports that a late response came, and goes on', async () => {
    await opened();
    vi.advanceTimersByTime(IDLE_MS + UNRESPONSIVE_AFTER_MS);
    expect(unresponsive).toEqual([true]);
    await send({ response: 1, ok: true, data: {} });
    await eventually(() => unresponsive.length === 2);
    vi.advanceTimersByTime(IDLE_MS - 1);
    expect(unresponsive).toEqual([true, false]);
    expect(closed).toEqual([]);
  });

  it('stays open while pings are answered', async () => {
    await opened();
    for (let ping = 1; ping <= 5; ping += 1) {
      vi.advanceTimersByTime(IDLE_MS);
      await eventually(() => requests.length === ping);
      await send({ response: ping, ok: true, data: {} });
      await send({ notification: 'peerLeft', peerId: String(ping) });
      await eventually(() => notifications.length === ping);
    }
    expect(closed).toEqual([]);
    expect(unresponsive).toEqual([]);
  });
});

/** Resolves once a message has come, so that the channel is known to be open and idle from now on. */
const opened = async (): Promise<void> => {
  open();
  await send({ notification: 'peerLeft', peerId: 'of nobody' });
  await eventually(() => notifications.length === 1);
  notifications.length = 0;
};
