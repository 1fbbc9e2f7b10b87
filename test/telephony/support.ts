import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import twilio from 'twilio';
import { vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { systemClock } from '../../src/clock.ts';
import type { LegId, PhoneNumber, ProviderCallId } from '../../src/core/ids.ts';
import type { Clock, LogFields, PhoneEvents } from '../../src/core/ports.ts';
import { createTelephony, type TelephonyOptions } from '../../src/telephony/index.ts';
import { linkTo } from '../support/memory-link.ts';

export const ACCOUNT = `AC${'1'.repeat(32)}`;
export const AUTH_TOKEN = 'the-auth-token-of-the-account';
export const CALL = `CA${'a'.repeat(32)}` as ProviderCallId;
export const OTHER_CALL = `CA${'b'.repeat(32)}` as ProviderCallId;
export const LEG = '6ad1ffc0-0d3e-4d4f-8a53-000000000001' as LegId;
export const NUMBER = '+442079460000' as PhoneNumber;
export const CALLER_ID = '+15005550006' as PhoneNumber;
export const SECRET = new TextEncoder().encode('a secret of thirty-two characters');
/** Behind a proxy, so that no request names it. */
export const PUBLIC_URL = 'https://parley.example';

/** A log that remembers all it was given, as text. */
export const rememberingLog = () => {
  const lines: string[] = [];
  const add = (fields: LogFields, message: string): void => {
    const plain = JSON.stringify(fields, (_key, value) =>
      value instanceof Error
        ? Object.assign(
            { name: value.name, message: value.message, stack: value.stack, cause: value.cause },
            value,
          )
        : value,
    );
    lines.push(`${message} ${plain}`);
  };
  return { debug: add, info: add, warn: add, error: add, text: () => lines.join('\n') };
};

/** Flows that answer something. */
export const fakePhoneEvents = () => ({
  answered: vi.fn<PhoneEvents['answered']>(async () => ({ next: 'hang-up', say: ['No one is here.'] })),
  keyPressed: vi.fn<PhoneEvents['keyPressed']>(async () => ({ next: 'hang-up', say: ['A key.'] })),
  handleEvent: vi.fn<PhoneEvents['handleEvent']>(async () => {}),
  dialledIn: vi.fn<PhoneEvents['dialledIn']>(async () => ({
    next: 'ask-pin',
    say: ['Your PIN?'],
    attempt: 1,
  })),
  pinEntered: vi.fn<PhoneEvents['pinEntered']>(async () => ({ next: 'hang-up', say: ['Wrong.'] })),
  connect: vi.fn<PhoneEvents['connect']>(async () => null),
});

export interface TestServer {
  readonly url: string;
  readonly events: ReturnType<typeof fakePhoneEvents>;
  readonly telephony: ReturnType<typeof createTelephony>;
  readonly log: ReturnType<typeof rememberingLog>;
  /** The network's connection for a leg's audio. */
  connect(): ReturnType<typeof linkTo>;
  close(): Promise<void>;
}

/** The machine's clock, with retries at once. */
export const impatientClock: Clock = {
  ...systemClock,
  sleep: async (_ms, signal) => signal?.throwIfAborted(),
};

/** Telephony behind a real server. With `itself` its own URL is the public one, as for a stand-in on the same machine. */
export const openTestServer = async (
  options: Partial<TelephonyOptions> & { readonly itself?: boolean } = {},
): Promise<TestServer> => {
  const log = rememberingLog();
  const events = fakePhoneEvents();
  let url = '';
  const telephony = createTelephony({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    callerId: CALLER_ID,
    apiUrl: null,
    publicUrl: () => (options.itself ? url : PUBLIC_URL),
    nodeUrl: () => (options.itself ? url : PUBLIC_URL),
    secret: SECRET,
    clock: impatientClock,
    log,
    ...options,
  });
  const app = express();
  app.use(telephony.routes(events));
  const sockets = telephony.sockets(events);
  const server = createServer(app);
  server.on('upgrade', (request, socket, head) => {
    if (!sockets.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    events,
    telephony,
    log,
    connect: () => linkTo((socket) => void server.emit('connection', socket)),
    async close() {
      sockets.close();
      sockets.close();
      await telephony.close();
      await telephony.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export const sign = (url: string, parameters: Record<string, string> = {}, token = AUTH_TOKEN): string =>
  twilio.getExpectedTwilioSignature(token, url, parameters);

/** A webhook as the network makes it; `sent` changes what is sent after it was signed. */
export const post = async (
  parley: TestServer,
  path: string,
  parameters: Record<string, string>,
  sent: {
    readonly parameters?: Record<string, string>;
    readonly signature?: string | null;
    readonly path?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  } = {},
) => {
  const all = { AccountSid: ACCOUNT, CallSid: CALL, ...parameters };
  const signature = sent.signature === undefined ? sign(`${PUBLIC_URL}${path}`, all) : sent.signature;
  const response = await fetch(`${parley.url}${sent.path ?? path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signature === null ? {} : { 'x-twilio-signature': signature }),
      ...sent.headers,
    },
    body: sent.body ?? new URLSearchParams({ ...all, ...sent.parameters }).toString(),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.text(),
  };
};

/** The network's end of a leg's audio. */
export const openSocket = (parley: TestServer, signature: string | null, path = '/telephony/stream') => {
  const received: Record<string, unknown>[] = [];
  const ws = new WebSocket(`ws://parley.example${path}`, {
    headers: signature === null ? {} : { 'x-twilio-signature': signature },
    createConnection: () => parley.connect(),
  } as ClientOptions & { createConnection: () => unknown } as ClientOptions);
  const opened = new Promise<string>((resolve) => {
    ws.on('open', () => resolve('open'));
    ws.on('error', (error) => resolve(error.message));
  });
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  ws.on('message', (data) => received.push(JSON.parse((data as Buffer).toString())));
  return { ws, opened, closed, received, send: (message: unknown) => ws.send(JSON.stringify(message)) };
};

export const STREAM_SIGNATURE = sign('wss://parley.example/telephony/stream');

export const startMessage = (customParameters: Record<string, string>, changes: object = {}) => ({
  event: 'start',
  sequenceNumber: '1',
  streamSid: `MZ${'c'.repeat(32)}`,
  start: {
    accountSid: ACCOUNT,
    streamSid: `MZ${'c'.repeat(32)}`,
    callSid: CALL,
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters,
    ...changes,
  },
});

export const mediaMessage = (atMs: number, mulaw: Uint8Array, chunk = 1) => ({
  event: 'media',
  sequenceNumber: '3',
  streamSid: `MZ${'c'.repeat(32)}`,
  media: {
    track: 'inbound',
    chunk: String(chunk),
    timestamp: String(atMs),
    payload: Buffer.from(mulaw).toString('base64'),
  },
});
