import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../src/bot/api/api.ts';
import { createDownloads } from '../../src/bot/files/download.ts';
import { get, readBody } from '../../src/bot/files/http.ts';
import { systemClock } from '../../src/clock.ts';
import type { FileId, WorkspaceId } from '../../src/core/ids.ts';
import type { Clock, PublicWeb } from '../../src/core/ports.ts';
import { createPublicWeb } from '../../src/links/index.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import { recordingLog } from '../speech/support.ts';
import { faultOf } from '../support/fault.ts';
import { until } from '../support/until.ts';
import { openBot, type TestBot } from './support/bot.ts';

const TEAM = 'T1' as WorkspaceId;
const patient = new AbortController().signal;
const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(bytes));

describe('a file of the workspace', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await openBot('socket');
  });
  afterAll(() => bot.close());
  beforeEach(() => bot.workspace.fail());
  const CONTENT = Buffer.alloc(300_000, 'abc');
  const post = async (name = 'talk.mp3'): Promise<FileId> => {
    const file = await bot.workspace.upload(name, new Uint8Array(CONTENT));
    await bot.workspace.say('', { files: [file.id] });
    return file.id as FileId;
  };
  const openIt = (id: FileId) => bot.bot.chat.openFile(TEAM, id, { signal: patient });

  test('streams with its name and size', async () => {
    const recording = await openIt(await post());
    expect(recording).toMatchObject({ name: 'talk.mp3', sizeBytes: CONTENT.length });
    expect((await collect(recording.bytes)).equals(CONTENT)).toBe(true);
  });

  test('that is empty streams nothing', async () => {
    const file = await bot.workspace.upload('empty.mp3', new Uint8Array(0));
    await bot.workspace.say('', { files: [file.id] });
    const recording = await openIt(file.id as FileId);
    expect(recording.sizeBytes).toBe(0);
    expect(await collect(recording.bytes)).toHaveLength(0);
  });

  test('gives a range for listening, with what a player needs to know', async () => {
    const { status, headers, bytes } = await bot.bot.chat.openFileRange(
      TEAM,
      await post(),
      'bytes=3-8',
      patient,
    );
    expect(status).toBe(206);
    expect(headers).toMatchObject({ 'content-length': '6', 'content-range': `bytes 3-8/${CONTENT.length}` });
    expect(headers).not.toHaveProperty('content-disposition');
    expect((await collect(bytes)).toString()).toBe('abcabc');
  });

  test('answers a range outside it as it is, and the whole without one', async () => {
    const id = await post();
    const outside = await bot.bot.chat.openFileRange(TEAM, id, 'bytes=900000-', patient);
    expect(outside.status).toBe(416);
    await collect(outside.bytes);
    const whole = await bot.bot.chat.openFileRange(TEAM, id, null, patient);
    expect(whole.status).toBe(200);
    expect(await collect(whole.bytes)).toHaveLength(CONTENT.length);
  });

  test('deleted is gone', async () => {
    const id = await post();
    await bot.workspace.ask('DELETE', `files/${id}?as=ana`);
    expect(await faultOf(openIt(id))).toMatchObject({ code: 'recording-deleted', retryable: false });
  });

  test('behind a login page, or without the scope, is closed to us', async () => {
    const id = await post();
    await bot.workspace.fail('download-login-page');
    expect(await faultOf(openIt(id))).toMatchObject({ code: 'no-file-access', retryable: false });
    await bot.workspace.fail('missing-files-scope');
    const fault = await faultOf(openIt(id));
    expect(fault).toMatchObject({ code: 'no-file-access', retryable: false });
    expect(fault.userMessage).toContain('files:read');
  });

  test('whose download breaks off can be tried again', async () => {
    const id = await post();
    await bot.workspace.fail('truncated-downloads:1');
    const recording = await openIt(id);
    expect(await faultOf(collect(recording.bytes))).toMatchObject({ code: 'chat-failed', retryable: true });
    expect(await collect((await openIt(id)).bytes)).toHaveLength(CONTENT.length);
  });
});

describe('an address that Slack names', () => {
  const servers: Server[] = [];
  const log = recordingLog();
  /** Takes the servers of this test for public ones. */
  const web = createPublicWeb({ allowPrivate: () => true });
  afterAll(() => web.close());
  const seen: { host: string; authorization: string | undefined }[] = [];
  let api: string;
  let respond: RequestListener;
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer((request, response) => {
      seen.push({ host: request.headers.host!, authorization: request.headers.authorization });
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  beforeEach(async () => {
    seen.length = 0;
    api = await serve((request, response) => respond(request, response));
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  const openAt = (url: string, more: object = {}, apiUrl = `${api}/api`, signal = patient) => {
    const file = {
      id: 'F1',
      name: 'a.mp3',
      mimetype: 'audio/mpeg',
      size: 3,
      url_private_download: url,
      ...more,
    };
    const scripted = { call: async (_method, _args, answer) => answer.parse({ file }) } as Api;
    const parts = { api: scripted, botToken: 'xoxb-secret', apiUrl, web, clock: systemClock, log };
    return createDownloads(parts).openFile(TEAM, 'F1' as FileId, { signal });
  };

  test('on the API’s own host gets the token', async () => {
    respond = (_request, response) => response.end('abc');
    expect((await collect((await openAt(`${api}/files/a`)).bytes)).toString()).toBe('abc');
    expect(seen).toEqual([{ host: new URL(api).host, authorization: 'Bearer xoxb-secret' }]);
  });

  test.each([
    'https://slack.com.evil.example/a',
    'https://evilslack.com/a',
    'http://files.slack.com/a',
    'https://files.slack.com:8443/a',
    'https://user:password@example.com/files.slack.com',
    'file:///etc/passwd',
    'not an address',
  ])('elsewhere (%s) gets nothing', async (url) => {
    const fault = await faultOf(openAt(url, {}, 'https://slack.com/api'));
    expect(fault).toMatchObject({ code: 'no-file-access', retryable: false });
    expect(seen).toEqual([]);
  });

  test('that leads to another host is followed without the token, also back to Slack', async () => {
    const other = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: `${api}/b` }).end();
      else response.end('abc');
    });
    respond = (request, response) => {
      const location = request.url === '/a' ? `${other}/a` : `${other}/end`;
      response.writeHead(302, { location }).end();
    };
    expect((await collect((await openAt(`${api}/a`)).bytes)).toString()).toBe('abc');
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer xoxb-secret',
      undefined,
      undefined,
      undefined,
    ]);
  });

  const opens = (url: string, scripted: PublicWeb) => {
    const file = { id: 'F1', name: 'a.mp3', mimetype: 'audio/mpeg', size: 3, url_private_download: url };
    const answers = { call: async (_method, _args, answer) => answer.parse({ file }) } as Api;
    const parts = { api: answers, botToken: 't', apiUrl: `${api}/api`, clock: systemClock, log };
    return createDownloads({ ...parts, web: scripted }).openFile(TEAM, 'F1' as FileId, { signal: patient });
  };

  test('that leads to a private address ends with a sentence, and the host in the log alone', async () => {
    const other = await serve((_request, response) => response.end('private'));
    const guarded = createPublicWeb();
    respond = (_request, response) => response.writeHead(302, { location: `${other}/a?signature=s3` }).end();
    expect(await faultOf(opens(`${api}/a`, guarded))).toMatchObject({
      code: 'no-file-access',
      userMessage: expect.stringContaining('admin'),
    });
    await guarded.close();
    expect(seen).toHaveLength(1);
    expect(JSON.stringify(log.lines)).toContain(new URL(other).host);
    expect(JSON.stringify(log.lines)).not.toContain('signature');
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/a'])(
    'that leads to %s is not followed',
    async (url) => {
      respond = (_request, response) => response.writeHead(302, { location: url }).end();
      expect(await faultOf(openAt(`${api}/a`))).toMatchObject({ code: 'no-file-access', retryable: false });
    },
  );

  test('whose presigned end has expired can be tried again', async () => {
    const other = await serve((_request, response) => response.writeHead(403).end());
    respond = (_request, response) => response.writeHead(302, { location: `${other}/a` }).end();
    expect(await faultOf(openAt(`${api}/a`))).toMatchObject({ code: 'chat-failed', retryable: true });
  });

  test('whose end cannot be reached can be tried again, in Slack’s terms', async () => {
    const other = await serve((request) => request.socket.destroy());
    respond = (_request, response) => response.writeHead(302, { location: `${other}/a` }).end();
    expect(await faultOf(openAt(`${api}/a`))).toMatchObject({
      code: 'chat-failed',
      retryable: true,
      userMessage: expect.stringContaining('download from Slack'),
    });
  });

  test('that leads on within the host is followed, in circles only so far', async () => {
    respond = (request, response) =>
      request.url === '/b' ? response.end('abc') : response.writeHead(302, { location: '/b' }).end();
    expect((await collect((await openAt(`${api}/a`)).bytes)).toString()).toBe('abc');
    respond = (_request, response) => response.writeHead(302, { location: '/a' }).end();
    expect(await faultOf(openAt(`${api}/a`))).toMatchObject({ code: 'no-file-access' });
  });

  test.each([
    [404, {}, 'recording-gone', false],
    [410, {}, 'recording-gone', false],
    [403, {}, 'no-file-access', false],
    [503, {}, 'chat-failed', true],
    [429, { 'retry-after': '7' }, 'chat-failed', true],
  ])('that answers %i %o is %s', async (status, headers, code, retryable) => {
    respond = (_request, response) => response.writeHead(status, headers).end();
    const fault = await faultOf(openAt(`${api}/a`));
    expect(fault).toMatchObject({ code, retryable });
    if (status === 429) expect(fault.retryAfterMs).toBe(7_000);
  });

  test('is not even asked for a file above 2 GB, or one kept outside Slack', async () => {
    expect(await faultOf(openAt(`${api}/a`, { size: 2 ** 31 + 1 }))).toMatchObject({
      code: 'recording-too-large',
    });
    expect(await faultOf(openAt(`${api}/a`, { is_external: true }))).toMatchObject({
      code: 'no-file-access',
    });
    expect(await faultOf(openAt(`${api}/a`, { mode: 'tombstone' }))).toMatchObject({
      code: 'recording-deleted',
    });
    expect(seen).toEqual([]);
  });

  /** A body that begins and never ends, and whether its connection is still open. */
  const endless = () => {
    let isOpen = false;
    respond = (_request, response) => {
      isOpen = true;
      response.on('close', () => {
        isOpen = false;
      });
      response.write('abc');
    };
    return { isOpen: () => isOpen };
  };

  test('loses its connection when the reader leaves early, begun or not', async () => {
    const body = endless();
    const begun = await openAt(`${api}/a`);
    for await (const _chunk of begun.bytes) break;
    await until(() => !body.isOpen());
    const unread = await openAt(`${api}/a`);
    expect(body.isOpen()).toBe(true);
    await unread.bytes[Symbol.asyncIterator]().return?.();
    await until(() => !body.isOpen());
  });

  test('loses its connection when the work is stopped', async () => {
    const body = endless();
    const stop = new AbortController();
    const { bytes } = await openAt(`${api}/a`, {}, `${api}/api`, stop.signal);
    const reading = faultOf(collect(bytes));
    stop.abort();
    expect((await reading).retryable).toBe(true);
    await until(() => !body.isOpen());
  });

  const opened = (clock: Clock) => get(new URL(`${api}/a`), {}, { signal: patient, clock });

  test('that stalls is given up after a minute', async () => {
    const clock = createVirtualClock();
    endless();
    const body = readBody(await opened(clock), { clock })[Symbol.asyncIterator]();
    await body.next();
    const next = faultOf(body.next());
    await clock.advance(59_000);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1_000);
    expect(await next).toMatchObject({ code: 'chat-failed', retryable: true });
  });

  test('that a slow reader takes an hour to read is not given up', async () => {
    const clock = createVirtualClock();
    respond = (_request, response) => response.end(Buffer.alloc(1_000_000));
    const body = readBody(await opened(clock), { clock })[Symbol.asyncIterator]();
    await body.next();
    await clock.advance(3_600_000);
    expect((await body.next()).done).toBe(false);
    await body.return?.();
  });

  test('whose headers do not arrive is given up', async () => {
    const clock = createVirtualClock();
    const { promise: requested, resolve } = Promise.withResolvers<void>();
    respond = () => resolve();
    const response = faultOf(opened(clock));
    await requested;
    await clock.advance(15_000);
    expect(await response).toMatchObject({ code: 'chat-failed', retryable: true });
  });

  test('that sends more than it may is cut off', async () => {
    respond = (_request, response) => response.end(Buffer.alloc(5_000));
    const body = readBody(await opened(systemClock), { clock: systemClock, maxBytes: 4_000 });
    expect(await faultOf(collect(body))).toMatchObject({
      code: 'recording-too-large',
    });
  });
});
