import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ConversationId, MemberId, WorkspaceId } from '../../../src/core/ids.ts';
import type { Admission, MeetingAccess, MeetingLink } from '../../../src/core/ports.ts';
import { signPass } from '../../../src/web/meetings/link.ts';
import { createMeetingRoutes } from '../../../src/web/meetings/routes.ts';
import { createMeetingSockets } from '../../../src/web/meetings/sockets.ts';
import type { Sockets } from '../../../src/web/sockets.ts';
import { silentLog } from '../../media/support.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const secret = new TextEncoder().encode('a secret of thirty-two characters');
const pass = {
  conversationId: 'm1' as ConversationId,
  workspaceId: 'T1' as WorkspaceId,
  personId: 'U1' as MemberId,
};
const INFO: NonNullable<Awaited<ReturnType<MeetingAccess['info']>>> = {
  kind: 'meeting',
  title: 'Stand-up <b>',
  name: 'Ann',
  host: true,
  startedAtMs: 5_000,
  closed: null,
  unavailable: null,
  redirectUrl: null,
  threadUrl: 'https://acme.slack.com/archives/C1/p1',
  capture: { kind: 'meeting', recording: { name: 'none' }, captioned: true, kept: false },
};
const ANN = { personId: pass.personId, name: 'Ann', host: true };

let server: Server;
let sockets: Sockets;
let url: string;
let remove: () => void;
let info: Awaited<ReturnType<MeetingAccess['info']>>;
let entrance: Admission;
let served: unknown[];
let brought: MeetingLink[];
let nowMs = Date.now();

beforeEach(async () => {
  const temporary = temporaryDirectory();
  remove = temporary.remove;
  mkdirSync(path.join(temporary.directory, 'assets'));
  writeFileSync(path.join(temporary.directory, 'meeting.html'), '<!doctype html><title>Meeting</title>');
  writeFileSync(path.join(temporary.directory, 'assets/main-1a2b.js'), 'void 0;');
  info = INFO;
  entrance = { kind: 'hosted', person: ANN };
  served = [];
  brought = [];
  nowMs = Date.now();
  const common = {
    meetings: {
      async info(link: MeetingLink) {
        brought.push(link);
        return info;
      },
      async admit(link: MeetingLink) {
        brought.push(link);
        return entrance;
      },
    },
    secret,
    url: () => url,
    clock: { nowMs: () => nowMs },
    log: silentLog,
  };
  const app = express();
  app.use(
    createMeetingRoutes({
      ...common,
      pageDir: () => temporary.directory,
      connectionTest: async () => 'a-test',
    }),
  );
  sockets = createMeetingSockets({
    ...common,
    server: {},
    serve(id, ws, visitor) {
      served.push({ id, visitor });
      ws.send('"in"');
    },
  });
  server = createServer(app);
  server.on('upgrade', (request, socket, head) => {
    if (!sockets.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  sockets.close();
  server.closeAllConnections();
  server.close();
  remove();
});

const get = async (where: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}${where}`, { redirect: 'manual', headers });
  return { status: response.status, headers: response.headers, body: await response.text() };
};
/** What a page gets on its socket: messages, and how it ended, or that it was not let in. */
const connect = (token: string, protocols: string[] = []) =>
  new Promise<{ messages: string[]; code: number | null; refused: string | null }>((resolve) => {
    const messages: string[] = [];
    const ws = new WebSocket(`${url.replace('http', 'ws')}/meet/${token}/socket`, protocols);
    ws.on('message', (data) => {
      messages.push((data as Buffer).toString());
      if (messages.at(-1) === '"in"') ws.close(1000);
    });
    ws.on('error', (error) => resolve({ messages, code: null, refused: error.message }));
    ws.on('close', (code) => resolve({ messages, code, refused: null }));
  });

describe('the page of a meeting', () => {
  it('is given to whoever has a link, and what it loads may be kept for ever', async () => {
    const token = await signPass(pass, secret, nowMs);
    const page = await get(`/meet/${token}`);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Meeting') });
    expect(page.headers.get('permissions-policy')).toContain('microphone=(self)');
    const script = await get('/meeting-page/assets/main-1a2b.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/meeting-page/../package.json')).status).toBe(404);
  });

  it('learns who it is for', async () => {
    const { status, body } = await get(`/meet/${await signPass(pass, secret, nowMs)}/info`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      kind: 'meeting',
      capture: { kind: 'meeting', recording: { name: 'none' }, captioned: true, kept: false },
      threadUrl: 'https://acme.slack.com/archives/C1/p1',
      title: 'Stand-up <b>',
      name: 'Ann',
      host: true,
      startedAtMs: 5_000,
      closed: null,
    });
  });

  it('is refused with a sentence for a link that is none', async () => {
    expect(await get('/meet/nonsense')).toMatchObject({
      status: 403,
      body: expect.stringContaining('Click Join'),
    });
    const { status, body } = await get('/meet/nonsense/info');
    expect(status).toBe(403);
    expect(JSON.parse(body)).toEqual({ closed: expect.stringContaining('isn’t valid') });
    expect(await connect('nonsense')).toMatchObject({ refused: expect.stringContaining('403') });
  });

  it('has to have a place already if its link has expired', async () => {
    const token = await signPass(pass, secret, nowMs - 3_600_000);
    await connect(token);
    expect(served).toEqual([{ id: 'm1', visitor: { person: ANN, browser: null, mustResume: true } }]);
    expect(brought).toMatchObject([{ pass, expired: true }]);
  });

  it('says which browser it is in, by what only that browser knows and no one else is told', async () => {
    const token = await signPass(pass, secret, nowMs);
    const key = 'a1'.repeat(32);
    await get(`/meet/${token}`, { 'parley-browser': `v2-${key}` });
    await get(`/meet/${token}/info`, { 'parley-browser': `v2-${key}` });
    await connect(token, ['parley', `browser.v2-${key}`]);
    const [page, asked, joined] = brought.map(({ browser }) => browser);
    expect(page).toBeNull();
    expect(asked).toMatch(/^[0-9a-f]{64}$/);
    expect(asked).not.toBe(key);
    expect(joined).toBe(asked);
    const [first, second] = brought.map(({ id }) => id);
    expect(first).toBe(second);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    '',
    'v2-a1',
    `v2-${'A1'.repeat(32)}`,
    `v2-${'a1'.repeat(33)}`,
    `v2-${'a1'.repeat(31)} 1`,
    // A page of an earlier version, open since before an update: it is asked to reload.
    'a1'.repeat(32),
  ])('is in no browser with a key that no current page of ours sends: “%s”', async (key) => {
    const token = await signPass(pass, secret, nowMs);
    await get(`/meet/${token}/info`, { 'parley-browser': key });
    await connect(token);
    expect(brought.map(({ browser }) => browser)).toEqual([null, null]);
  });

  it('asks again while this copy is not ready, rather than to take it for the end', async () => {
    info = { ...INFO, unavailable: 'Meetings are being made ready.' };
    const token = await signPass(pass, secret, nowMs);
    expect((await get(`/meet/${token}/info`)).status).toBe(503);
    expect(await get(`/meet/${token}`)).toMatchObject({
      status: 503,
      body: 'Meetings are being made ready.\n',
    });
  });

  it('leads to a test of the connection, also when the link has expired, and no one else', async () => {
    const { status, headers } = await get(
      `/meet/${await signPass(pass, secret, nowMs - 3_600_000)}/connection`,
    );
    expect(status).toBe(303);
    expect(headers.get('location')).toBe('/doctor/a-test');
    expect((await get('/meet/nonsense/connection')).status).toBe(403);
  });

  it('is led to the copy that has the meeting', async () => {
    const token = await signPass(pass, secret, nowMs);
    info = { ...INFO, redirectUrl: 'https://two.example' };
    entrance = { kind: 'redirect', url: 'https://two.example' };
    const { status, headers } = await get(`/meet/${token}`);
    expect(status).toBe(307);
    expect(headers.get('location')).toBe(`https://two.example/meet/${token}`);
    expect(await connect(token)).toEqual({
      messages: [
        JSON.stringify({ notification: 'reconnectTo', url: `wss://two.example/meet/${token}/socket` }),
      ],
      code: 1013,
      refused: null,
    });
  });

  it('comes again where all copies have one address, until it reaches the right one', async () => {
    const token = await signPass(pass, secret, nowMs);
    info = { ...INFO, redirectUrl: url };
    entrance = { kind: 'redirect', url };
    expect((await get(`/meet/${token}`)).status).toBe(200);
    expect(await connect(token)).toEqual({ messages: [], code: 1013, refused: null });
    entrance = { kind: 'closed', sentence: 'This meeting has ended.', final: true };
    expect(await connect(token)).toEqual({ messages: [], code: 1013, refused: null });
    expect(served).toEqual([]);
  });
});
