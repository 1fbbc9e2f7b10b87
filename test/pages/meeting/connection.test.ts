import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { TransportIds } from '../../../src/media/signalling/messages.ts';
import { type Connection, keepJoined } from '../../../src/pages/meeting/connection.ts';
import type { Over } from '../../../src/pages/meeting/state.ts';
import { until } from '../../support/until.ts';

/** Against a real WebSocket server that answers joins as a test says. */
const servers: WebSocketServer[] = [];
let connection: Connection | null;
let answer: (id: number) => object;
const joins: { resumeToken?: string; transports?: TransportIds; rtpCapabilities: unknown }[] = [];
const events: string[] = [];
const protocols: string[] = [];
let over: Over | null;
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
      const asked = JSON.parse((data as Buffer).toString());
      if (asked.request !== 'join') return;
      joins.push(asked);
      ws.send(JSON.stringify(answer(asked.id)));
    });
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const good = (id: number) => ({ response: id, ok: true, data: { resumeToken: `token ${joins.length}` } });
const refusal = (code: string, sentence: string) => (id: number) => ({
  response: id,
  ok: false,
  error: { code, sentence },
});

beforeEach(() => {
  joins.length = events.length = protocols.length = 0;
  answer = good;
  over = whyClosed = token = transports = null;
});
afterEach(async () => {
  connection?.close();
  for (const server of servers.splice(0)) {
    for (const ws of server.clients) ws.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

const keep = (url: string): void => {
  connection = keepJoined({
    url,
    browser: 'a-key',
    whyClosed: () => Promise.resolve(whyClosed),
    load: async (offered) => ({ ...offered, headerExtensions: [] }),
    place: {
      get: () => token,
      set: (next) => {
        token = next;
      },
    },
    transports: () => transports,
    random: () => 0,
    on: {
      joined: () => void events.push('joined'),
      told: ({ notification }) => void (notification !== 'welcome' && events.push(notification)),
      lost: () => void events.push('lost'),
      silent: (isSilent) => void events.push(isSilent ? 'silent' : 'speaks'),
      notJoined: (sentence) => void events.push(sentence),
      over: (how) => {
        over = how;
        events.push('over');
      },
    },
  });
};
const cut = (): void => {
  for (const server of servers) for (const ws of server.clients) ws.terminate();
};

describe('staying in a meeting', () => {
  it('joins with what the browser can play, and again with its token whenever the line breaks', async () => {
    keep(await listen());
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

  it('offers its transports to be kept for as long as they live', async () => {
    transports = { send: 'one', receive: 'two' };
    keep(await listen());
    await until(() => events.length === 1);
    transports = null;
    cut();
    await until(() => events.length === 3);
    expect(joins.map((join) => join.transports)).toEqual([{ send: 'one', receive: 'two' }, undefined]);
  });

  it.each([
    [4403, 'removed'],
    [4409, 'elsewhere'],
    [4410, 'ended'],
  ])('does not come back after code %i', async (code, kind) => {
    keep(await listen());
    await until(() => events.length === 1);
    for (const ws of servers[0]!.clients) ws.close(code);
    await until(() => over);
    expect(over?.kind).toBe(kind);
    expect(events).toEqual(['joined', 'over']);
  });

  it('goes where the meeting moved to', async () => {
    const there = await listen();
    const here = await listen();
    keep(here);
    await until(() => events.length === 1);
    for (const ws of servers[1]!.clients) {
      ws.send(JSON.stringify({ notification: 'reconnectTo', url: there }));
      ws.close(1012);
    }
    await until(() => servers[0]!.clients.size === 1 && joins.length === 2);
    await until(() => events.length === 4);
    expect(events).toEqual(['joined', 'reconnectTo', 'lost', 'joined']);
    // A browser is the same one wherever it goes.
    expect(protocols).toEqual(['parley, browser.a-key', 'parley, browser.a-key']);
  });

  it('takes up its place when the page was loaded anew', async () => {
    token = 'of before';
    keep(await listen());
    await until(() => events.length === 1);
    expect(joins[0]?.resumeToken).toBe('of before');
    expect(token).toBe('token 1');
  });

  it('says why the first join was refused, and that is all', async () => {
    answer = refusal('full', 'This meeting is full.');
    keep(await listen());
    await until(() => events.length === 1);
    expect(events).toEqual(['This meeting is full.']);
    expect(joins).toHaveLength(1);
  });

  it('tells somebody whom the host removed that it is over', async () => {
    answer = refusal('not-allowed', 'The host removed you from this meeting.');
    keep(await listen());
    await until(() => over);
    expect(over).toEqual({ kind: 'removed', sentence: 'The host removed you from this meeting.' });
  });

  it('tries again when the server is in trouble', async () => {
    answer = (id) => (joins.length < 3 ? refusal('failed', 'Trouble.')(id) : good(id));
    keep(await listen());
    await until(() => events.length === 1);
    expect(events).toEqual(['joined']);
    expect(joins).toHaveLength(3);
  });

  it('asks why nobody answers, and stops when the meeting is over', async () => {
    const url = await listen();
    keep(url);
    await until(() => events.length === 1);
    whyClosed = 'Maya ended this meeting.';
    cut();
    await until(() => over);
    expect(over).toEqual({ kind: 'closed', sentence: 'Maya ended this meeting.' });
  });

  it('gives up a first join that nobody answers, in a sentence', async () => {
    const url = await listen();
    await new Promise<void>((resolve) => servers.pop()!.close(() => resolve()));
    keep(url);
    await until(() => events.length === 1);
    expect(events[0]).toMatch(/cannot be reached/);
  });
});
