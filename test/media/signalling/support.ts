import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../../src/clock.ts';
import type { MemberId } from '../../../src/core/ids.ts';
import type { Clock, RoomOptions } from '../../../src/core/ports.ts';
import { createFrameClock } from '../../../src/media/phones/frame-clock.ts';
import { CHANNEL_SERVER_OPTIONS, type ResponseTo } from '../../../src/media/request-channel.ts';
import { createResumeTokens } from '../../../src/media/resume-tokens.ts';
import { Meeting, type MeetingOptions } from '../../../src/media/signalling/meeting.ts';
import type {
  Notification,
  RequestData,
  RequestName,
  Responses,
} from '../../../src/media/signalling/messages.ts';
import { serveSession } from '../../../src/media/signalling/session.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { until } from '../../support/until.ts';
import { monotonic, silentLog } from '../support.ts';

/**
 * A meeting behind a real WebSocket server; `?who=ada&host` stands for the signed link, `&browser=…` for the browser
 * it is opened in. Where the clock is a virtual one, graces and timeouts pass when the test advances it.
 */
export const startMeeting = async (
  workers: Workers,
  options: {
    readonly room?: Partial<RoomOptions>;
    readonly pipeAudio?: MeetingOptions['pipeAudio'];
    readonly limits?: MeetingOptions['limits'];
    readonly clock?: Clock;
  } = {},
) => {
  const { clock = systemClock, limits } = options;
  const happened: string[] = [];
  const parties = new Map<string, number>();
  const meeting = await Meeting.create({
    room: {
      title: 'Stand-up',
      captionsOn: true,
      captionsStopped: null,
      mayAddPhone: false,
      parties: [],
      removed: [],
      nowMs: monotonic.nowMs,
      transcript: (since) => ({ lines: [], last: since, more: false, parties: [] }),
      openAudioSink: () => ({ write() {}, pause() {}, close() {} }),
      on: {
        joined(participantId, party, { name }) {
          parties.set(participantId, party);
          happened.push(`${name} joined as ${party}`);
        },
        left(participantId, { browsers, phones }) {
          const others = phones > 0 ? ` and ${phones} phones` : '';
          happened.push(`${parties.get(participantId)} left, ${browsers} browsers${others} here`);
        },
        removed: (personId) => void happened.push(`${personId} removed`),
        captionsSwitched: (on) => void happened.push(`captions ${on ? 'on' : 'off'}`),
        phoneRequested: async (by, number) => {
          happened.push(`${by.name} requests ${number}`);
          return number.startsWith('+') ? null : 'Enter a whole number, with its country code.';
        },
        hangUpRequested: (by, legId) => void happened.push(`${by.name} hangs up ${legId}`),
        ended: (by) => void happened.push(`ended by ${by}`),
      },
      ...options.room,
    },
    workers,
    resumeTokens: createResumeTokens({ secret: new Uint8Array(32), meeting: 'm' }),
    iceServers: () => [{ urls: ['stun:stun.example.com'] }],
    pipeAudio:
      options.pipeAudio ??
      (({ partyIndex, codec }) => {
        happened.push(`transcribes ${partyIndex} in ${codec}`);
        return {
          packet: () => {},
          paused: (paused) => void happened.push(`${partyIndex} ${paused ? 'muted' : 'unmuted'}`),
          closed: () => void happened.push(`no longer transcribes ${partyIndex}`),
        };
      }),
    frameClock: createFrameClock(monotonic.nowMs),
    clock,
    log: silentLog,
    closed: () => {},
    ...(limits === undefined ? {} : { limits }),
  });
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...CHANNEL_SERVER_OPTIONS });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('connection', (ws, request) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const name = query.get('who') ?? 'No one';
    serveSession({
      ws,
      visitor: {
        person: { personId: name.toLowerCase() as MemberId, name, host: query.has('host') },
        browser: query.get('browser'),
        mustResume: query.has('expired'),
      },
      meeting,
      clock,
      log: silentLog,
    });
  });
  return {
    meeting,
    server,
    /** Calls of the room's listener, and of the audio pipeline. */
    happened,
    participants: () => meeting.roster.participants,
    urlOf: (who: string) => `ws://127.0.0.1:${port}/?who=${who}`,
    async close() {
      meeting.close();
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

export type ResponseMessage = ResponseTo<Responses[RequestName]>;

/** A page's side of the protocol, without the browser. */
export const connect = async (url: string, options: { autoPong?: boolean } = {}) => {
  const ws = new WebSocket(url, options);
  const responses = new Map<number, ResponseMessage[]>();
  const notifications: Notification[] = [];
  let closedWith: number | null = null;
  let next = 0;
  ws.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as ResponseMessage | Notification;
    if ('response' in message)
      responses.set(message.response, [...(responses.get(message.response) ?? []), message]);
    else notifications.push(message);
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
    return await until(() => responses.get(id)?.[0], { everyMs: 2, what: `a response to ${request}` });
  };
  return {
    ws,
    responses,
    notifications,
    /** The code the server closed with, once it did. */
    closed: () => until(() => closedWith, { what: 'the end of the channel' }),
    isClosed: () => closedWith !== null,
    /** Notifications of one kind. */
    notificationsOf: <T extends Notification['notification']>(notification: T) =>
      notifications.filter(
        (message): message is Extract<Notification, { notification: T }> =>
          message.notification === notification,
      ),
    /** The data of a response; throws the sentence of a refusal. */
    async request<A extends RequestName>(request: A, input: RequestData<A>): Promise<Responses[A]> {
      const response = await raw(request, input);
      if (!response.ok) throw new Error(`${request}: ${response.error.sentence}`);
      return response.data as Responses[A];
    },
    /** Why it was refused. */
    async refused<A extends RequestName>(request: A, input: RequestData<A>) {
      const response = await raw(request, input);
      if (response.ok) throw new Error(`${request} was not refused`);
      return response.error;
    },
    close: () => ws.close(),
    /** As when the network is gone: no closing handshake. */
    cut: () => ws.terminate(),
  };
};

export type Page = Awaited<ReturnType<typeof connect>>;
