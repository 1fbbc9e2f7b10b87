import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { CancelTimer, Clock } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { SlackFailure } from '../failures.ts';
import { newSecret } from '../ids.ts';
import type { Json } from '../types.ts';
import { ACK_TIMEOUT_MS, type AppLink, Undelivered } from './link.ts';

/** Slack allows an app this many connections at once. @see https://docs.slack.dev/apis/events-api/using-socket-mode */
const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 5000;
/** How long a ticket from apps.connections.open opens a connection. */
const TICKET_MS = 30_000;
/** Between the warning that a connection will be recycled and its end. At Slack 10 s. */
const REFRESH_MS = 1000;
const DROP_AFTER_MS = 3000;

export interface SocketLink extends AppLink {
  /** A single-use ticket for the URL from apps.connections.open; null when there are too many. */
  openTicket(): string;
  /** Takes over an HTTP upgrade; false when the ticket is unknown. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: string): boolean;
  /** Recycles every connection: `refresh` warns and asks to reconnect, `drop` disconnects. */
  recycle(how: 'refresh' | 'drop'): void;
  onChange(listener: (connected: boolean) => void): void;
  close(): void;
}

const ackMessage = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

interface Waiting {
  readonly socket: WebSocket;
  readonly cancelTimer: CancelTimer;
  readonly acknowledged: (payload: unknown) => void;
  readonly failed: (error: Undelivered) => void;
}

/** Socket Mode. Messages go to the connections in turn, as at Slack. */
export const createSocketLink = (options: {
  appId: () => string;
  eventAckTimeoutMs: () => number;
  failures: Failures<SlackFailure>;
  clock: Clock;
}): SocketLink => {
  const { appId, eventAckTimeoutMs, failures, clock } = options;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, CancelTimer>();
  const connections: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  const listeners: ((connected: boolean) => void)[] = [];
  let turn = 0;

  const cancelPings = clock.every(PING_EVERY_MS, () => {
    for (const socket of connections) socket.ping();
  });

  const settle = (envelopeId: string, use: (one: Waiting) => void): void => {
    const one = waiting.get(envelopeId);
    if (one === undefined) return;
    waiting.delete(envelopeId);
    one.cancelTimer();
    use(one);
  };

  const accept = (socket: WebSocket): void => {
    connections.push(socket);
    socket.on('message', (data) => {
      const parsed = ackMessage.safeParse(parseJson(Buffer.isBuffer(data) ? data.toString() : ''));
      if (parsed.success) settle(parsed.data.envelope_id, (one) => one.acknowledged(parsed.data.payload));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      connections.splice(connections.indexOf(socket), 1);
      for (const [id, one] of waiting) {
        if (one.socket === socket) settle(id, ({ failed }) => failed(new Undelivered('connection_closed')));
      }
      if (connections.length === 0) for (const listener of listeners) listener(false);
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.length,
        debug_info: { host: 'simulator', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: appId() },
      }),
    );
    if (connections.length === 1) for (const listener of listeners) listener(true);
    if (failures.isOn('socket-disconnects')) clock.after(DROP_AFTER_MS, () => socket.terminate());
  };

  /** Resolves with the payload of the acknowledgement. */
  const send = (type: string, body: Json, extra: Json, ackTimeoutMs = ACK_TIMEOUT_MS): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket = connections[turn++ % Math.max(1, connections.length)];
      if (socket === undefined) {
        reject(new Undelivered('no_connection'));
        return;
      }
      const envelopeId = randomUUID();
      const cancelTimer = clock.after(ackTimeoutMs, () =>
        settle(envelopeId, ({ failed }) => failed(new Undelivered('timeout'))),
      );
      waiting.set(envelopeId, { socket, cancelTimer, acknowledged: resolve, failed: reject });
      socket.send(JSON.stringify({ envelope_id: envelopeId, payload: body, type, ...extra }));
    });

  return {
    connected: () => connections.length > 0,
    deliver: async (body, { attempt, reason }) => {
      const extra = { accepts_response_payload: false, retry_attempt: attempt, retry_reason: reason ?? '' };
      await send('events_api', body, extra, eventAckTimeoutMs());
    },
    ask: async (kind, body) => {
      const payload = await send(kind, body, { accepts_response_payload: true });
      const empty =
        payload === undefined || (typeof payload === 'object' && Object.keys(payload ?? {}).length === 0);
      return empty ? null : payload;
    },
    openTicket: () => {
      const ticket = newSecret();
      const cancelTimer = clock.after(TICKET_MS, () => void tickets.delete(ticket));
      tickets.set(ticket, cancelTimer);
      return ticket;
    },
    upgrade: (request, socket, head, ticket) => {
      const cancelTimer = tickets.get(ticket);
      if (cancelTimer === undefined || connections.length >= MAX_CONNECTIONS) return false;
      cancelTimer();
      tickets.delete(ticket);
      server.handleUpgrade(request, socket, head, accept);
      return true;
    },
    recycle: (how) => {
      for (const socket of connections.slice()) {
        if (how === 'drop') {
          socket.terminate();
          continue;
        }
        const notify = (reason: string): void =>
          socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'simulator' } }));
        notify('warning');
        clock.after(REFRESH_MS, () => {
          if (socket.readyState !== socket.OPEN) return;
          notify('refresh_requested');
          socket.close(1000);
        });
      }
    },
    onChange: (listener) => void listeners.push(listener),
    close: () => {
      listeners.length = 0;
      cancelPings();
      for (const cancelTimer of tickets.values()) cancelTimer();
      tickets.clear();
      for (const socket of connections.slice()) socket.terminate();
      for (const id of waiting.keys()) {
        settle(id, ({ failed }) => failed(new Undelivered('connection_closed')));
      }
      server.close();
    },
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
