import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  ChannelLost,
  openRequestChannel,
  type RequestChannel,
  RequestRefused,
} from '../../../src/pages/shared/request-channel.ts';
import { eventually, fakeBrowserTimers } from '../support/browser-timers.ts';

interface TestProtocol {
  readonly request:
    | { readonly id: number; readonly request: 'add'; readonly a: number }
    | { readonly id: number; readonly request: 'ping' };
  readonly responses: { readonly add: { readonly sum: number }; readonly ping: object };
  readonly notification: { readonly notification: 'changed'; readonly to: number };
}

/** Against a real WebSocket server, whose messages the test sends. */
let server: WebSocketServer;
let channel: RequestChannel<TestProtocol>;
const received: unknown[] = [];
const events: unknown[] = [];

beforeEach(async () => {
  fakeBrowserTimers();
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (ws) =>
    ws.on('message', (data) => received.push(JSON.parse((data as Buffer).toString()))),
  );
  received.length = events.length = 0;
});
afterEach(async () => {
  channel.close();
  for (const ws of server.clients) ws.terminate();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  vi.useRealTimers();
});

const TIMEOUT_MS = 8_000;
const open = (options: { keepOnTimeout?: boolean } = {}) => {
  channel = openRequestChannel<TestProtocol>({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeoutMs: TIMEOUT_MS,
    ...options,
    on: {
      opened: () => void events.push('opened'),
      active: () => void events.push('active'),
      notification: ({ to }) => void events.push(to),
      closed: ({ code, reason }) => void events.push({ code, reason }),
    },
  });
  return channel;
};
const client = (): Promise<WebSocket> => eventually(() => [...server.clients][0]);
const send = async (message: object): Promise<void> => (await client()).send(JSON.stringify(message));

it('sends requests once it is open, and matches responses by number', async () => {
  const opened = open();
  expect(opened.isClosed).toBe(false);
  const first = opened.request('add', { a: 1 });
  const second = opened.request('ping');
  await eventually(() => received.length === 2);
  expect(received).toEqual([
    { id: 1, request: 'add', a: 1 },
    { id: 2, request: 'ping' },
  ]);
  await send({ response: 2, ok: false, error: { code: 'not-allowed', sentence: 'Only the host may.' } });
  await send({ response: 99, ok: true, data: {} });
  await send({ response: 1, ok: true, data: { sum: 3 } });
  expect(await first).toEqual({ sum: 3 });
  await expect(second).rejects.toMatchObject({ code: 'not-allowed', message: 'Only the host may.' });
  await expect(second).rejects.toBeInstanceOf(RequestRefused);
});

it('passes on notifications, and every sign of life', async () => {
  open();
  await send({ notification: 'changed', to: 7 });
  await send({ response: 99, ok: true, data: {} });
  await eventually(() => events.length === 4);
  expect(events).toEqual(['opened', 'active', 7, 'active']);
});

it('rejects what is pending when it closes, and reports the code and reason once', async () => {
  const opened = open();
  const pending = opened.request('ping');
  (await client()).close(4410, 'over');
  await expect(pending).rejects.toBeInstanceOf(ChannelLost);
  await expect(opened.request('ping')).rejects.toMatchObject({ code: 4410, reason: 'over' });
  expect(opened.isClosed).toBe(true);
  opened.close();
  expect(events).toEqual(['opened', { code: 4410, reason: 'over' }]);
});

it('closes when a response does not come in time', async () => {
  const response = open().request('ping');
  const rejected = expect(response).rejects.toMatchObject({ code: 1006 });
  await eventually(() => received.length === 1);
  vi.advanceTimersByTime(TIMEOUT_MS - 1);
  expect(channel.isClosed).toBe(false);
  vi.advanceTimersByTime(1);
  await rejected;
  expect(events.at(-1)).toEqual({ code: 1006, reason: '' });
});

it('can instead fail the late request alone', async () => {
  const opened = open({ keepOnTimeout: true });
  await eventually(() => events.length === 1);
  const rejected = expect(opened.request('ping')).rejects.toMatchObject({ code: null });
  vi.advanceTimersByTime(TIMEOUT_MS);
  await rejected;
  expect(opened.isClosed).toBe(false);
});

it('closes when it does not open in time', () => {
  open();
  vi.advanceTimersByTime(TIMEOUT_MS);
  expect(events).toEqual([{ code: 1006, reason: '' }]);
});

it('reports that it could not connect', async () => {
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  channel = openRequestChannel<TestProtocol>({
    url: `ws://127.0.0.1:${port}`,
    timeoutMs: TIMEOUT_MS,
    on: { closed: ({ code }) => void events.push(code) },
  });
  await eventually(() => events.length === 1);
  expect(events).toEqual([1006]);
  server = new WebSocketServer({ noServer: true });
});
