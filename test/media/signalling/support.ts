import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createFrameClock } from '../../../src/media/phones/frame-clock.ts';
import { CHANNEL_SERVER_OPTIONS } from '../../../src/media/signalling/channel.ts';
import { Meeting } from '../../../src/media/signalling/meeting.ts';
import type { MeetingOptions } from '../../../src/media/signalling/meeting-options.ts';
import type {
  Notification,
  RequestData,
  RequestName,
  ResponseMessage,
  Responses,
} from '../../../src/media/signalling/messages.ts';
import { serveSession } from '../../../src/media/signalling/session.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { until } from '../../support/until.ts';
import { monotonic, silentLog } from '../support.ts';

/** A meeting behind a real WebSocket server; `?who=ada&host` stands for the signed link, `&browser=…` for where it is opened. */
export const startMeeting = async (
  workers: Workers,
  options: Partial<MeetingOptions> & { readonly joinWithinMs?: number; readonly pingEveryMs?: number } = {},
) => {
  const happened: string[] = [];
  const { joinWithinMs, pingEveryMs, ...rest } = options;
  const meeting = await Meeting.create({
    title: 'Stand-up',
    workers,
    log: silentLog,
    nowMs: monotonic.nowMs,
    captionsOn: true,
    frameClock: createFrameClock(monotonic.nowMs),
    parts: {
      listen: ({ partyIndex, codec }) => {
        happened.push(`hears ${partyIndex} in ${codec}`);
        return {
          packet: () => {},
          paused: (paused) => void happened.push(`${partyIndex} ${paused ? 'muted' : 'unmuted'}`),
          closed: () => void happened.push(`no longer hears ${partyIndex}`),
        };
      },
      transcript: (since) => ({ lines: [], last: since, more: false, parties: [] }),
      iceServers: () => [{ urls: ['stun:stun.example.com'] }],
      joined: ({ identity, partyIndex }) => void happened.push(`${identity.name} joined as ${partyIndex}`),
      left: ({ partyIndex, here }) =>
        void happened.push(
          `${partyIndex} left, ${here.browsers} here${here.phones > 0 ? `, ${here.phones} on the telephone` : ''}`,
        ),
      removed: ({ name }) => void happened.push(`${name} removed`),
      captionsSwitched: (on, by) => void happened.push(`captions ${on ? 'on' : 'off'} by ${by.name}`),
      phoneAsked: async (by, number) => {
        happened.push(`${by.name} wants ${number} rung`);
        return number.startsWith('+') ? null : 'Give a whole number, with its country.';
      },
      hangUpAsked: (by, legId) => void happened.push(`${by.name} wants ${legId} hung up`),
      ended: (by) => void happened.push(`ended by ${by.name}`),
    },
    ...rest,
  });
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...CHANNEL_SERVER_OPTIONS });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('connection', (ws, request) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const name = query.get('who') ?? 'nobody';
    serveSession({
      ws,
      identity: {
        personId: name.toLowerCase(),
        name,
        host: query.has('host'),
        browser: query.get('browser'),
      },
      meeting,
      log: silentLog,
      nowMs: monotonic.nowMs,
      ...(joinWithinMs === undefined ? {} : { joinWithinMs }),
      ...(pingEveryMs === undefined ? {} : { pingEveryMs }),
    });
  });
  return {
    meeting,
    server,
    /** What the rest of Parley heard. */
    happened,
    urlOf: (who: string) => `ws://127.0.0.1:${port}/?who=${who}`,
    async close() {
      meeting.close();
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/** A page's side of the protocol, without the browser. */
export const connect = async (url: string, options: { autoPong?: boolean } = {}) => {
  const ws = new WebSocket(url, options);
  const answers = new Map<number, ResponseMessage[]>();
  const told: Notification[] = [];
  let closedWith: number | null = null;
  let next = 0;
  ws.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as ResponseMessage | Notification;
    if ('response' in message)
      answers.set(message.response, [...(answers.get(message.response) ?? []), message]);
    else told.push(message);
  });
  ws.on('error', () => {});
  ws.on('close', (code) => {
    closedWith = code;
  });
  await once(ws, 'open');

  const raw = async <A extends RequestName>(request: A, input: RequestData<A>): Promise<ResponseMessage> => {
    next += 1;
    const id = next;
    ws.send(JSON.stringify({ id, request, ...input }));
    return await until(() => answers.get(id)?.[0], { everyMs: 2, what: `a response to ${request}` });
  };
  return {
    ws,
    answers,
    told,
    /** The code the server closed with, once it did. */
    closed: () => until(() => closedWith, { what: 'the end of the line' }),
    isClosed: () => closedWith !== null,
    /** What the server told of one kind. */
    toldOf: <T extends Notification['notification']>(notification: T) =>
      told.filter(
        (message): message is Extract<Notification, { notification: T }> =>
          message.notification === notification,
      ),
    /** The data of a good answer; throws the sentence of a bad one. */
    async request<A extends RequestName>(request: A, input: RequestData<A>): Promise<Responses[A]> {
      const answer = await raw(request, input);
      if (!answer.ok) throw new Error(`${request}: ${answer.error.sentence}`);
      return answer.data as Responses[A];
    },
    /** Why it was refused. */
    async refused<A extends RequestName>(request: A, input: RequestData<A>) {
      const answer = await raw(request, input);
      if (answer.ok) throw new Error(`${request} was not refused`);
      return answer.error;
    },
    close: () => ws.close(),
    /** As when the network is gone: no closing handshake. */
    cut: () => ws.terminate(),
  };
};

export type Page = Awaited<ReturnType<typeof connect>>;
