import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingId } from '../../src/core/ids.ts';
import { createRecordings, isVendorUrl, type Recordings } from '../../src/telephony/recordings.ts';
import { faultOf } from '../support/fault.ts';
import { until } from '../support/until.ts';
import { ACCOUNT, AUTH_TOKEN, rememberingLog } from './support.ts';

const RECORDING = `RE${'d'.repeat(32)}` as RecordingId;
const CONTENT = Buffer.alloc(300_000, 'abc');
const BASIC = `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64')}`;
const never = new AbortController().signal;

const servers: Server[] = [];
let seen: { path: string; authorization: string | undefined }[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let log: ReturnType<typeof rememberingLog>;
let api: string;
let recordings: Recordings;

const serve = async (): Promise<string> => {
  const server = createServer((request, response) => {
    seen.push({ path: request.url!, authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
beforeEach(async () => {
  seen = [];
  log = rememberingLog();
  api = await serve();
  recordings = createRecordings({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    apiUrl: api,
    maxBytes: 1_000_000,
    log,
  });
  answer = (_request, response) => void response.setHeader('content-length', CONTENT.length).end(CONTENT);
});
afterEach(async () => {
  await recordings.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  expect(log.text()).not.toContain(AUTH_TOKEN);
  expect(log.text()).not.toContain(BASIC);
});

const open = (signal = never) => recordings.open(RECORDING, { signal });
const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(bytes));
const redirect = (to: string) => (request: IncomingMessage, response: ServerResponse) => {
  if (request.url!.startsWith('/2010')) response.writeHead(307, { location: to }).end();
  else response.write(CONTENT, () => response.end());
};

describe('a recording of a call', () => {
  it('is downloaded in two channels from a URL of our own making', async () => {
    const { name, sizeBytes, bytes } = await open();
    expect({ name, sizeBytes }).toEqual({ name: 'call.wav', sizeBytes: CONTENT.length });
    expect((await collect(bytes)).equals(CONTENT)).toBe(true);
    expect(seen).toEqual([
      {
        path: `/2010-04-01/Accounts/${ACCOUNT}/Recordings/${RECORDING}.wav?RequestedChannels=2`,
        authorization: BASIC,
      },
    ]);
  });

  it('is followed to another host of the network’s, without the credentials', async () => {
    answer = redirect('/media/1');
    const { sizeBytes, bytes } = await open();
    expect(sizeBytes).toBeNull();
    expect(await collect(bytes)).toHaveLength(CONTENT.length);
    expect(seen.map(({ authorization }) => authorization)).toEqual([BASIC, undefined]);
  });

  it('is not followed elsewhere, with or without credentials', async () => {
    const elsewhere = await serve();
    answer = redirect(`${elsewhere}/media/1`);
    expect(await faultOf(open())).toMatchObject({ code: 'call-failed', retryable: false });
    answer = redirect('::nonsense::');
    expect(await faultOf(open())).toMatchObject({ code: 'call-failed' });
    expect(seen.filter(({ path }) => path === '/media/1')).toEqual([]);
  });

  it('is not followed for ever', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: '/again' }).end();
    expect(await faultOf(open())).toMatchObject({ code: 'call-failed', retryable: false });
    expect(seen).toHaveLength(4);
  });

  it.each([
    ['https://media.twilio.com/x', true],
    ['https://api.twilio.com/x', true],
    ['https://a.b.twilio.com/x', true],
    ['http://media.twilio.com/x', false],
    ['https://media.twilio.com:8443/x', false],
    ['https://twilio.com.evil.example/x', false],
    ['https://eviltwilio.com/x', false],
    ['https://user@media.twilio.com/x', false],
    ['https://media.twilio.com@evil.example/x', false],
    ['https://127.0.0.1/x', false],
    ['file:///etc/passwd', false],
  ])('may lie at %s: %s', (url, may) => {
    expect(isVendorUrl(new URL(url), 'https://api.twilio.com')).toBe(may);
  });

  it.each([
    [404, { code: 'recording-gone', retryable: false }],
    [410, { code: 'recording-gone', retryable: false }],
    [401, { code: 'call-refused', retryable: false }],
    [429, { code: 'call-failed', retryable: true }],
    [500, { code: 'call-failed', retryable: true }],
  ])('with status %i', async (status, fault) => {
    answer = (_request, response) => void response.writeHead(status).end('secret words');
    expect(await faultOf(open())).toMatchObject(fault);
  });

  it('with an invalid id is not requested', async () => {
    const id = `../../../evil` as RecordingId;
    expect(await faultOf(recordings.open(id, { signal: never }))).toMatchObject({ code: 'recording-gone' });
    expect(seen).toEqual([]);
  });

  it('that breaks off can be retried', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('abc', () => response.destroy());
    };
    const broken = await open();
    expect(await faultOf(collect(broken.bytes))).toMatchObject({ code: 'call-failed', retryable: true });
  });

  it('is refused when it is too large, declared or not', async () => {
    answer = (_request, response) => void response.writeHead(200, { 'content-length': 1_000_001 }).end();
    expect(await faultOf(open())).toMatchObject({ code: 'recording-too-large' });
    answer = (_request, response) => void response.write(Buffer.alloc(1_000_001), () => response.end());
    const { bytes } = await open();
    expect(await faultOf(collect(bytes))).toMatchObject({ code: 'recording-too-large' });
  });

  it('is given up when Parley stops', async () => {
    answer = () => {};
    const caller = new AbortController();
    const opening = faultOf(open(caller.signal));
    await until(() => seen.length === 1, { everyMs: 1 });
    caller.abort();
    expect(await opening).toMatchObject({
      code: 'unexpected',
      retryable: true,
    });
  });
});
