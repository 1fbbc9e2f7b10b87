import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAddress } from '../../src/doctor/checks/address.ts';
import { certificateExpiryMs } from '../../src/doctor/checks/certificate.ts';
import { checkClock, clockOf } from '../../src/doctor/checks/clock.ts';
import { isLocalAddress, isLoopback } from '../../src/doctor/checks/hosts.ts';
import { checkAnnouncedAddress, checkPorts } from '../../src/doctor/checks/media.ts';
import { checkRelay } from '../../src/doctor/checks/relay.ts';
import { readResponse, writeAllocate } from '../../src/doctor/checks/stun.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { exitCode, findingText, summaryText } from '../../src/doctor/report.ts';
import { signDoctorLink } from '../../src/web/doctor/link.ts';
import { fixture } from '../support/fixtures.ts';
import { startDoctorServer } from './support/doctor-server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
};
const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;
const TLS = {
  key: readFileSync(fixture('doctor/localhost.key')),
  cert: readFileSync(fixture('doctor/localhost.crt')),
};
const printed = (found: readonly Finding[]): string => found.map(findingText).join('\n');

describe('an address of Parley', () => {
  const check = (url: string, token = 'some-token', runsHere = true) =>
    checkAddress({ variable: 'PUBLIC_URL', url, token, runsHere, nowMs: Date.now() });

  it('is well when it leads to the Parley with this secret, pages and sockets alike', async () => {
    const parley = await startDoctorServer({ workers: () => ({ missing: 'none here' }), withPage: false });
    closers.push(() => parley.close());
    const found = await check(parley.base, await signDoctorLink(parley.secret, Date.now()));
    expect(found.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
    expect(printed(found)).toMatch(/leads to this Parley.*\n.*WebSockets reach Parley/);
  });

  it('is that of another Parley when its secret is another', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.url === '/healthz' ? 200 : 403).end();
    });
    expect(printed(await check(url))).toMatch(/another secret than this Parley \(status 403\)/);
  });

  it('is no Parley’s when something else answers', async () => {
    const url = await serve((_request, response) => void response.writeHead(502).end('Bad gateway'));
    expect(printed(await check(url))).toMatch(/not as Parley does \(status 502.*\n.*every path/);
  });

  it('lacks sockets when a proxy passes pages alone', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/healthz') response.end('ok\n');
      else response.end(JSON.stringify({ parley: true, nowMs: Date.now(), meetingsMissing: null }));
    });
    expect(printed(await check(url))).toMatch(
      /FAILED .*WebSockets do not reach Parley.*\n.*Upgrade and Connection/,
    );
  });

  it('is silent: that is no fault as long as Parley does not run', async () => {
    const port = await listen(createTcpServer());
    await closers.pop()!();
    expect(printed(await check(`http://127.0.0.1:${port}`))).toMatch(
      /FAILED .*does not respond \(ECONNREFUSED\)/,
    );
    expect((await check(`http://127.0.0.1:${port}`, 'x', false))[0]).toMatchObject({ state: 'skipped' });
    expect(printed(await check('https://parley.invalid'))).toMatch(/FAILED .*(ENOTFOUND|EAI_AGAIN).*\n.*DNS/);
  });

  it('is refused without https, unless it is this machine', async () => {
    expect(printed(await check('http://parley.invalid'))).toMatch(/is not https\n.*camera and microphone/);
  });

  it('is not trusted with a certificate of its own making, whose end can still be told', async () => {
    const port = await listen(createTlsServer(TLS, (_request, response) => void response.end()));
    const url = `https://localhost:${port}`;
    expect(printed(await check(url))).toMatch(/FAILED .*DEPTH_ZERO_SELF_SIGNED_CERT.*\n.*a known authority/);
    expect(await certificateExpiryMs(url)).toBe(Date.parse('Oct 29 11:31:20 2126 GMT'));
  });
});

describe('the address of media', () => {
  const media = {
    host: '127.0.0.1',
    publicUrl: null,
    announcedAddress: null,
    portBase: null,
    count: 1,
  };
  it.each<[string, object, Finding['state'], RegExp]>([
    ['this machine alone', {}, 'ok', /this machine only/],
    ['this machine by name', { publicUrl: 'http://localhost:3000' }, 'ok', /this machine only/],
    ['all interfaces, nothing announced', { host: '0.0.0.0' }, 'failed', /do not know where/],
    ['a public page, nothing announced', { publicUrl: 'https://203.0.113.5' }, 'failed', /do not know where/],
    [
      'a public page, an inner address',
      { publicUrl: 'https://203.0.113.5', announcedAddress: '10.0.0.5' },
      'failed',
      /private address/,
    ],
    [
      'an inner page, an inner address',
      { publicUrl: 'https://10.0.0.5', announcedAddress: '10.0.0.5' },
      'ok',
      /send audio and video to 10\.0\.0\.5$/,
    ],
    ['an announced public address', { announcedAddress: '203.0.113.5' }, 'ok', /203\.0\.113\.5/],
    ['a name that no one knows', { announcedAddress: 'media.invalid' }, 'failed', /is unknown/],
  ])('is judged: %s', async (_what, settings, state, message) => {
    expect(await checkAnnouncedAddress({ ...media, ...settings })).toMatchObject({
      state,
      message: expect.stringMatching(message),
    });
  });

  it('has its ports, or says which of them another program has', async () => {
    const port = await listen(createTcpServer());
    const settings = { ...media, portBase: port };
    expect(await checkPorts(settings, false)).toMatchObject({
      state: 'failed',
      message: `not available: TCP ${port} (EADDRINUSE)`,
    });
    await closers.pop()!();
    expect(await checkPorts(settings, false)).toMatchObject({ state: 'ok' });
  });
});

describe('the clock', () => {
  const others = (aheadMs: number) => [
    { name: 'no one', nowMs: () => Promise.reject(new Error('silent')) },
    { name: 'someone', nowMs: async () => 1_000_000 + aheadMs },
  ];
  it.each([
    [0, 'ok', 'agrees with the clock of someone'],
    [20_000, 'ok', '20 s behind the clock of someone'],
    [90_000, 'failed', '90 s behind the clock of someone'],
    [-90_000, 'failed', '90 s ahead of the clock of someone'],
  ])('%d ms apart', async (aheadMs, state, message) => {
    expect(await checkClock(others(aheadMs), () => 1_000_000)).toMatchObject({ state, message });
  });

  it('is compared with any HTTP server, and with no one when no one answers', async () => {
    const url = await serve((_request, response) => void response.writeHead(404).end());
    expect(await checkClock([clockOf(url)], () => Date.now())).toMatchObject({ state: 'ok' });
    expect(await checkClock([], () => 0)).toMatchObject({ state: 'skipped' });
  });
});

describe('a relay', () => {
  it('that does not answer, or is none, is said to be', async () => {
    const url = `turn:127.0.0.1:${new URL(await serve(() => {})).port}?transport=tcp`;
    const credentials = { username: 'u', credential: 'c' };
    expect(await checkRelay({ url: 'turn:127.0.0.1:1?transport=tcp', ...credentials })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await checkRelay({ url, ...credentials })).toMatchObject({ state: 'failed' });
    expect(await checkRelay({ url: 'turn:a b', ...credentials })).toMatchObject({ state: 'failed' });
  });

  it('is not believed when it answers with nonsense', () => {
    const refusal = writeAllocate(null);
    refusal.writeUInt16BE(0x0113, 0);
    expect(readResponse(refusal)).toEqual({ kind: 'refused', code: 0, realm: '', nonce: '' });
    expect(readResponse(refusal.subarray(0, 12))).toBeNull();
    expect(
      readResponse(Buffer.concat([refusal.subarray(0, 2), Buffer.from([0xff, 0xff]), refusal.subarray(4)])),
    ).toBeNull();
    expect(readResponse(Buffer.alloc(40))).toBeNull();
    // A length that leads beyond the end.
    refusal.writeUInt16BE(0xffff, 22);
    expect(readResponse(refusal)).toMatchObject({ kind: 'refused', code: 0 });
  });
});

it('knows which addresses only this machine, or only one’s own network, reaches', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1'])
    expect(isLoopback(host)).toBe(true);
  for (const host of ['parley.example', '10.0.0.1', '0.0.0.0']) expect(isLoopback(host)).toBe(false);
  for (const address of ['10.1.1.1', '172.16.0.1', '192.168.1.1', '169.254.1.1', 'fd00::1', 'fe80::1']) {
    expect(isLocalAddress(address)).toBe(true);
  }
  for (const address of ['203.0.113.5', '172.32.0.1', '2001:db8::1'])
    expect(isLocalAddress(address)).toBe(false);
});

it('sums up, and fails only for problems', () => {
  const finding = (state: Finding['state']): Finding => ({ check: 'c', state, message: 's' });
  expect(summaryText([finding('ok'), finding('skipped')])).toBe('All checks passed.');
  expect(summaryText([finding('warning')])).toBe('All checks passed. 1 note above.');
  expect(exitCode([finding('warning'), finding('ok')])).toBe(0);
  expect(summaryText([finding('failed'), finding('failed')])).toBe('2 problems found. See FAILED above.');
  expect(exitCode([finding('ok'), finding('failed')])).toBe(1);
});
