import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { Router } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ConversationId, MemberId, WorkspaceId } from '../../src/core/ids.ts';
import type { Admission } from '../../src/core/ports.ts';
import { signPass } from '../../src/web/meetings/link.ts';
import { createMeetingRoutes } from '../../src/web/meetings/routes.ts';
import { createMeetingSockets } from '../../src/web/meetings/sockets.ts';
import { type HttpServer, startHttp } from '../../src/web/server.ts';
import { silentLog } from '../media/support.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const secret = new TextEncoder().encode('a secret of thirty-two characters');
const pass = {
  conversationId: 'm1' as ConversationId,
  workspaceId: 'T1' as WorkspaceId,
  personId: 'U1' as MemberId,
};
const directory = temporaryDirectory();
mkdirSync(path.join(directory.directory, 'assets'));
writeFileSync(path.join(directory.directory, 'assets/main-1a2b.js'), 'void 0;');

let http: HttpServer;
let entering: PromiseWithResolvers<Admission>;
let heard: string[];
let errors: string[];
let missing: string[];

beforeEach(async () => {
  entering = Promise.withResolvers();
  heard = [];
  errors = [];
  missing = [];
  const log = { ...silentLog, error: (_fields: object, message: string) => void errors.push(message) };
  const common = {
    meetings: { info: async () => null, admit: () => entering.promise },
    secret,
    url: () => http.url,
    clock: { nowMs: Date.now },
    log,
  };
  http = await startHttp({
    host: '127.0.0.1',
    port: 0,
    slack: null,
    samples: Router(),
    meetings: createMeetingRoutes({
      ...common,
      pageDir: () => directory.directory,
      connectionTest: async () => 'a-test',
    }),
    doctor: Router(),
    telephony: null,
    sockets: [
      createMeetingSockets({
        ...common,
        server: {},
        serve: (_id, ws) => void ws.on('message', (data) => heard.push((data as Buffer).toString())),
      }),
    ],
    metrics: { expose: async () => ({ contentType: 'text/plain', body: '' }) },
    health: { missing: async () => missing, isStuck: async () => false },
    log,
  });
});
afterEach(() => http.close());

const portOf = ({ url }: HttpServer): number => Number(new URL(url).port);

/** Asks for a socket, and never closes its own side. Resolves with what was answered once the other side has closed. */
const askFor = (where: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: portOf(http), host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
    });
    // A socket that is closed on the other side breaks at the next byte; one that is half open takes it.
    socket.on('end', () => setInterval(() => socket.write('x'), 5).unref());
    socket.on('error', () => resolve(answer));
    socket.on('close', () => reject(new Error('closed from here')));
    socket.write(
      `GET ${where} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
  });

describe('a socket that is not for whoever asks', () => {
  it('is closed on both sides, so that no one who stays keeps it open', async () => {
    expect(await askFor('/meet/nonsense/socket')).toMatch(/^HTTP\/1\.1 403 /);
    await http.close();
  });
});

describe('what a page says while it is let in', () => {
  it('is heard once it is in', async () => {
    const token = await signPass(pass, secret, Date.now());
    const ws = new WebSocket(`${http.url.replace('http', 'ws')}/meet/${token}/socket`);
    await new Promise((resolve) => ws.once('open', resolve));
    ws.send('first');
    // What is asked later is answered later, so the other has arrived by then.
    for (let asked = 0; asked < 3; asked += 1) await fetch(`${http.url}/healthz`);
    entering.resolve({ kind: 'hosted', person: { personId: pass.personId, name: 'Ann', host: false } });
    ws.send('second');
    await until(() => heard.includes('second'), { what: 'what is said later' });
    expect(heard).toEqual(['first', 'second']);
    ws.terminate();
  });

  it('is read also when it is let in nowhere: the line closes in order', async () => {
    const token = await signPass(pass, secret, Date.now());
    const ws = new WebSocket(`${http.url.replace('http', 'ws')}/meet/${token}/socket`);
    const closed = new Promise((resolve) => ws.once('close', resolve));
    await new Promise((resolve) => ws.once('open', resolve));
    entering.resolve({ kind: 'closed', sentence: 'This meeting has ended.', final: true });
    expect(await closed).toBe(1013);
  });
});

describe('the one server', () => {
  it('lets what never changes be kept, though nothing else may be', async () => {
    const script = await fetch(`${http.url}/meeting-page/assets/main-1a2b.js`);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const missing = await fetch(`${http.url}/meeting-page/assets/other.js`);
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  it('takes an address that is none for the asker’s mistake, and not for its own', async () => {
    const { status } = await fetch(`${http.url}/meet/%E0%A4%A`);
    expect(status).toBe(400);
    expect(errors).toEqual([]);
  });
});

describe('an instance without its database', () => {
  it('is not ready and says why, and stays alive', async () => {
    missing = ['database', 'jobs'];
    const [ready, alive] = await Promise.all(
      ['readyz', 'healthz'].map((path) => fetch(`${http.url}/${path}`)),
    );
    expect([ready!.status, await ready!.text()]).toEqual([
      503,
      'not ready\ndatabase: not working\njobs: not working\n',
    ]);
    expect([alive!.status, await alive!.text()]).toEqual([
      200,
      'ok\ndatabase: not working\njobs: not working\n',
    ]);
  });
});
