import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import twilio from 'twilio';
import { type WebSocket, WebSocketServer } from 'ws';
import { FRAME_MS, isVoiced } from '../../../sandbox/phones/audio/mulaw.ts';
import type {
  Phone,
  PhoneBehaviour,
  PhoneFault,
  PhonesState,
  WebhookRecord,
} from '../../../sandbox/phones/control/contract.ts';
import type { PhonesOptions } from '../../../sandbox/phones/options.ts';
import { PARLEY_NUMBER } from '../../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../../sandbox/phones/server.ts';
import { eventually } from '../slack/workspace.ts';
import { createFastClock } from '../support/fast-clock.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const TOKEN = 'fedcba9876543210'.repeat(2);
export const TO = '+442079460199';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Everything takes as little as it may, so that tests wait for nothing but what they are about. */
const HURRIED = {
  charactersPerSecond: 1000,
  ringAfterMs: 1,
  quietMs: 200,
  longestWaitMs: 500,
  detectMs: 20,
  greetingMs: 200,
  processingMs: 1,
  restLagMs: 0,
  webhookTimeoutMs: 600_000,
};

interface Request {
  readonly path: string;
  readonly method: string;
  readonly parameters: Record<string, string>;
  /** By Twilio's own library. */
  readonly signed: boolean;
}

type Answer = string | ((request: Request) => string | Promise<string>);

interface StreamMessage {
  readonly event: string;
  readonly sequenceNumber?: string;
  readonly streamSid?: string;
  readonly start?: Record<string, unknown>;
  readonly media?: { track: string; chunk: string; timestamp: string; payload: string };
  readonly dtmf?: { digit: string };
  readonly mark?: { name: string };
  readonly stop?: { callSid: string };
}

interface OpenStream {
  readonly socket: WebSocket;
  readonly signed: boolean;
  readonly messages: StreamMessage[];
  readonly heard: () => Buffer;
  started(): boolean;
  send(message: object): void;
  play(mulaw: Uint8Array): void;
  sid(): string;
}

/** The network's customer: a server that knows its vendor by the vendor's own library alone. */
const openCustomer = async () => {
  const requests: Request[] = [];
  const streams: OpenStream[] = [];
  const answers = new Map<string, Answer>();
  const app = express();
  app.use(express.urlencoded({ extended: false }), async (request, response) => {
    const parameters = (request.method === 'GET' ? request.query : request.body) as Record<string, string>;
    const signature = request.header('x-twilio-signature') ?? '';
    const signedForm = request.method === 'GET' ? {} : parameters;
    const seen: Request = {
      path: request.path,
      method: request.method,
      parameters: { ...parameters },
      signed: twilio.validateRequest(TOKEN, signature, `${url}${request.originalUrl}`, signedForm),
    };
    requests.push(seen);
    const answer = answers.get(request.path);
    if (answer === undefined) response.status(204).end();
    else response.type('text/xml').send(typeof answer === 'string' ? answer : await answer(seen));
  });
  const server = createServer(app);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (request.url === '/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const signature = String(request.headers['x-twilio-signature']);
    const signed = twilio.validateRequest(TOKEN, signature, `${wsUrl()}${request.url}`, {});
    sockets.handleUpgrade(request, socket, head, (opened) => streams.push(streamOf(opened, signed)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wsUrl = (): string => url.replace('http', 'ws');
  return {
    url,
    streamUrl: `${wsUrl()}/stream`,
    requests,
    streams,
    /** What a path answers, as TwiML; without it 204. */
    on: (path: string, answer: Answer) => void answers.set(path, answer),
    /** What was told of, in order, as far as `path` goes. */
    requestsTo: (path: string) => requests.filter((request) => request.path === path),
    /** A stream that has begun: until then it has no name to be played to. */
    stream: (index = 0) =>
      eventually(() => (streams[index]?.started() ? streams[index] : undefined), `stream ${index} begins`),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
};

const streamOf = (socket: WebSocket, signed: boolean): OpenStream => {
  const messages: StreamMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString()) as StreamMessage));
  const start = (): StreamMessage | undefined => messages.find(({ event }) => event === 'start');
  const sid = (): string => start()!.streamSid!;
  const send = (message: object): void => socket.send(JSON.stringify({ ...message, streamSid: sid() }));
  return {
    socket,
    signed,
    messages,
    heard: () =>
      Buffer.concat(messages.flatMap(({ media }) => (media ? [Buffer.from(media.payload, 'base64')] : []))),
    started: () => start() !== undefined,
    send,
    play: (mulaw) => send({ event: 'media', media: { payload: Buffer.from(mulaw).toString('base64') } }),
    sid,
  };
};

/** A network with a customer, Twilio's client for its REST API, and control of its phones; in fast time by default. */
export const openNetwork = async (options: Partial<PhonesOptions> = {}) => {
  const customer = await openCustomer();
  const { timing, clock = createFastClock(), ...others } = options;
  const phones = await startPhones({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    parleyNumber: PARLEY_NUMBER,
    incomingUrl: () => `${customer.url}/incoming`,
    incomingStatusUrl: () => `${customer.url}/incoming-status`,
    timing: { ...HURRIED, ...timing },
    clock,
    log: silent,
    ...others,
  });
  const clientOf = (accountSid: string, token: string) => {
    const client = twilio(accountSid, token);
    client.api.baseUrl = phones.url;
    return client;
  };
  const client = clientOf(ACCOUNT, TOKEN);
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const raw = body instanceof Uint8Array;
    const response = await fetch(`${phones.url}/control/phones${path}`, {
      method,
      ...(body === undefined ? {} : { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`${response.status}: ${answer.error}`);
    return answer;
  };
  const at = (number: string): string => `/${encodeURIComponent(number)}`;
  return {
    phones,
    /** The network's time. */
    clock,
    customer,
    client,
    clientOf,
    ask,
    state: () => ask<PhonesState>('GET', ''),
    phone: async (number = TO) =>
      (await ask<PhonesState>('GET', '')).phones.find((one) => one.number === number),
    set: (behaviour: PhoneBehaviour, number = TO) => ask<Phone>('PUT', at(number), { behaviour }),
    act: <T = Phone>(what: string, body?: unknown, number = TO) =>
      ask<T>('POST', `${at(number)}/${what}`, body ?? {}),
    webhooks: () => ask<{ webhooks: WebhookRecord[]; faults: PhoneFault[] }>('GET', '/webhooks'),
    wav: async (what: 'received' | 'sent', number = TO) =>
      Buffer.from(await (await fetch(`${phones.url}/control/phones${at(number)}/${what}.wav`)).arrayBuffer()),
    /** Has a telephone rung that the customer answers for at `/voice`, and tells everything to `/status`. */
    dial: (more: object = {}) =>
      client.calls.create({
        to: TO,
        from: PARLEY_NUMBER,
        url: `${customer.url}/voice`,
        statusCallback: `${customer.url}/status`,
        statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
        ...more,
      }),
    statusOf: async (sid: string) => (await client.calls(sid).fetch()).status,
    ended: (sid: string) =>
      eventually(async () => {
        const call = await client.calls(sid).fetch();
        return call.endTime === null ? null : call;
      }, 'the call ends'),
    close: async () => {
      await phones.close();
      await customer.close();
    },
  };
};
export type OpenNetwork = Awaited<ReturnType<typeof openNetwork>>;

export const answering = (more: object = {}): PhoneBehaviour => ({
  type: 'answer',
  afterMs: 0,
  turns: [],
  hangsUp: false,
  ...more,
});

/** How much of a mono WAV file is not silence, in frames of 20 ms. */
export const soundMs = (wav: Buffer): number => {
  const frameBytes = 320;
  let frames = 0;
  for (let at = 44; at < wav.length; at += frameBytes) {
    if (wav.subarray(at, at + frameBytes).some((byte) => byte !== 0)) frames += 1;
  }
  return frames * 20;
};

/** How much of what a stream carried is somebody's voice or a tone. */
export const voicedMs = (mulaw: Buffer): number => {
  let frames = 0;
  for (let at = 0; at < mulaw.length; at += 160) if (isVoiced(mulaw.subarray(at, at + 160))) frames += 1;
  return frames * FRAME_MS;
};
