import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { TransportIds } from '../../../../src/media/signalling/messages.ts';
import { SOMETHING_WENT_WRONG } from '../../../../src/pages/meeting/sentences.ts';
import { type Connection, openConnection } from '../../../../src/pages/meeting/signalling/connection.ts';
import type { Ending } from '../../../../src/pages/meeting/state/state.ts';
import { until } from '../../../support/until.ts';

/** Against a real WebSocket server, whose responses to joins the test decides. */
const servers: WebSocketServer[] = [];
let connection: Connection | null;
let respond: (id: number) => object;
const joins: { resumeToken?: string; transports?: TransportIds; rtpCapabilities: unknown }[] = [];
const events: string[] = [];
const protocols: string[] = [];
let ending: Ending | null;
let whyClosed: string | null;
let token: string | null;
let transports: TransportIds | null;

const listen = async (): Promise<string> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  await once(server, 'listening');
  server.on('connection', (ws, request) => {
    protocols.push(request.headers['sec-websocket-protocol'] ?? '');
    ws.send(JSON.stringify({ notification: 'welcome', rtpCapabilities: { codecs: [] } }));
    ws.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString());
      if (message.request !== 'join') return;
      joins.push(message);
      ws.send(JSON.stringify(respond(message.id)));
    });
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const accept = (id: number) => ({ response: id, ok: true, data: { resumeToken: `token ${joins.length}` } });
const refuse = (code: string, sentence: string) => (id: number) => ({
  response: id,
  ok: false,
  error: { code, sentence },
});

beforeEach(() => {
  joins.length = events.length = protocols.length = 0;
  respond = accept;
  ending = whyClosed = token = transports = null;
});
afterEach(async () => {
  connection?.close();
  for (const server of servers.splice(0)) {
    for (const ws of server.clients) ws.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

const connect = (url: string): void => {
  connection = openConnection({
    url,
    kind: () => 'meeting',
    browser: 'a-key',
    whyClosed: () => Promise.resolve(whyClosed),
    load: async (offered) => ({ ...offered, headerExtensions: [] }),
    resumeToken: {
      get: () => token,
      set: (next) => {
        token = next;
      },
    },
    transports: () => transports,
    delayMs: () => 0,
    on: {
      joined: () => void events.push('joined'),
      notification: ({ notification }) => void (notification !== 'welcome' && events.push(notification)),
      lost: () => void events.push('lost'),
      unresponsive: (isUnresponsive) => void events.push(isUnresponsive ? 'unresponsive' : 'responsive'),
      joinFailed: (sentence) => void events.push(sentence),
      ended: (how) => {
        ending = how;
        events.push('ended');
      },
    },
  });
};
const cut = (): void => {
  for (const server of servers) for (const ws of server.clients) ws.terminate();
};

describe('the connection to a meeting', () => {
  it('joins with what the browser can receive, and again with its token whenever the channel is lost', async () => {
    connect(await listen());
    await until(() => events.length === 1);
    expect(joins[0]).toMatchObject({ rtpCapabilities: { codecs: [], headerExtensions: [] } });
    expect(joins[0]).not.toHaveProperty('resumeToken');
    cut();
    await until(() => events.length === 3);
    cut();
    await until(() => events.length === 5);
    expect(events).toEqual(['joined', 'lost', 'joined', 'lost', 'joined']);
    expect(joins.slice(1).map(({ resumeToken }) => resumeToken)).toEqual(['token 1', 'token 2']);
  });

  it('offers its transports to be kept as long as they are connected', async () => {
    transports = { send: 'one', receive: 'two' };
    connect(await listen());
    await until(() => events.length === 1);
    transports = null;
    cut();
    await until(() => events.length === 3);
    expect(joins.map((join) => join.transports)).toEqual([{ send: 'one', receive: 'two' }, undefined]);
  });

  it.each([
    [4403, 'removed'],
    [4409, 'replaced'],
    [4410, 'ended'],
  ])('does not reconnect after code %i', async (code, kind) => {
    connect(await listen());
    await until(() => events.length === 1);
    for (const ws of servers[0]!.clients) ws.close(code);
    await until(() => ending);
    expect(ending?.kind).toBe(kind);
    expect(events).toEqual(['joined', 'ended']);
  });

  it('follows a meeting that moves to another instance', async () => {
    const there = await listen();
    const here = await listen();
    connect(here);
    await until(() => events.length === 1);
    for (const ws of servers[1]!.clients) {
      ws.send(JSON.stringify({ notification: 'reconnectTo', url: there }));
      ws.close(1012);
    }
    await until(() => servers[0]!.clients.size === 1 && joins.length === 2);
    await until(() => events.length === 4);
    expect(events).toEqual(['joined', 'reconnectTo', 'lost', 'joined']);
    // The browser stays the same one.
    expect(protocols).toEqual(['parley, browser.v2-a-key', 'parley, browser.v2-a-key']);
  });

  it('resumes its participant after a reload', async () => {
    token = 'of before';
    connect(await listen());
    await until(() => events.length === 1);
    expect(joins[0]?.resumeToken).toBe('of before');
    expect(token).toBe('token 1');
  });

  it('says why the first join was refused, and gives up', async () => {
    respond = refuse('full', 'This meeting is full.');
    connect(await listen());
    await until(() => events.length === 1);
    expect(events).toEqual(['This meeting is full.']);
    expect(joins).toHaveLength(1);
  });

  it('ends for a person whom the host removed', async () => {
    respond = refuse('not-allowed', 'The host removed you from this meeting.');
    connect(await listen());
    await until(() => ending);
    expect(ending).toEqual({ kind: 'removed', sentence: 'The host removed you from this meeting.' });
  });

  it('shows no protocol errors to people', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    respond = refuse('bad-request', 'The request is not valid.');
    connect(await listen());
    await until(() => events.length === 1);
    expect(events).toEqual([SOMETHING_WENT_WRONG]);
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });

  it('says that the meeting ended when that is why a join comes too late', async () => {
    respond = refuse('wrong-order', 'This meeting has ended.');
    connect(await listen());
    await until(() => events.length === 1);
    expect(events).toEqual(['The meeting ended.']);
  });

  it('tries again when the server fails', async () => {
    respond = (id) => (joins.length < 3 ? refuse('failed', 'Trouble.')(id) : accept(id));
    connect(await listen());
    await until(() => events.length === 1);
    expect(events).toEqual(['joined']);
    expect(joins).toHaveLength(3);
  });

  it('asks why it cannot connect, and ends when the meeting has', async () => {
    connect(await listen());
    await until(() => events.length === 1);
    whyClosed = 'Maya ended this meeting.';
    cut();
    await until(() => ending);
    expect(ending).toEqual({ kind: 'closed', sentence: 'Maya ended this meeting.' });
  });

  it('gives up a first join that never succeeds, with a sentence', async () => {
    const url = await listen();
    await new Promise<void>((resolve) => servers.pop()!.close(() => resolve()));
    connect(url);
    await until(() => events.length === 1);
    expect(events).toEqual(['Can’t reach the meeting. Check your connection and try again.']);
  });
});
