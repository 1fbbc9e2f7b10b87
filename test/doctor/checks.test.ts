import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAddress } from '../../src/doctor/checks/address.ts';
import { certificateOf } from '../../src/doctor/checks/certificate.ts';
import { checkClock, clockOf } from '../../src/doctor/checks/clock.ts';
import { isLocalAddress, isLoopback } from '../../src/doctor/checks/hosts.ts';
import { checkAnnounced, checkPorts } from '../../src/doctor/checks/media.ts';
import { checkRelay } from '../../src/doctor/checks/relay.ts';
import { readAnswer, writeAllocate } from '../../src/doctor/checks/stun.ts';
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
const told = (found: readonly Finding[]): string => found.map(findingText).join('\n');

describe('an address of Parley', () => {
  const check = (url: string, token = 'some-token', runsHere = true) =>
    checkAddress({ variable: 'PUBLIC_URL', url, token, runsHere, nowMs: Date.now() });

  it('is well when it leads to the Parley with this secret, pages and sockets alike', async () => {
    const parley = await startDoctorServer({ workers: () => ({ missing: 'none here' }) });
    closers.push(() => parley.close());
    const found = await check(parley.base, await signDoctorLink(parley.secret, Date.now()));
    expect(found.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
    expect(told(found)).toMatch(/leads to this Parley.*\n.*WebSockets get through/);
  });

  it('is that of another Parley when its secret is another', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.url === '/healthz' ? 200 : 403).end();
    });
    expect(told(await check(url))).toMatch(/does not know this Parley’s secret \(status 403\)/);
  });

  it('is no Parley’s when something else answers', async () => {
    const url = await serve((_request, response) => void response.writeHead(502).end('Bad gateway'));
    expect(told(await check(url))).toMatch(/not as Parley does \(status 502.*\n.*every path/);
  });

  it('lacks sockets when a proxy passes pages alone', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/healthz') response.end('ok\n');
      else response.end(JSON.stringify({ parley: true, nowMs: Date.now(), meetingsMissing: null }));
    });
    expect(told(await check(url))).toMatch(
      /FAILED .*WebSockets do not get through.*\n.*Upgrade and Connection/,
    );
  });

  it('is silent: that is no fault as long as Parley does not run', async () => {
    const port = await listen(createTcpServer());
    await closers.pop()!();
    expect(told(await check(`http://127.0.0.1:${port}`))).toMatch(
      /FAILED .*does not answer \(ECONNREFUSED\)/,
    );
    expect((await check(`http://127.0.0.1:${port}`, 'x', false))[0]).toMatchObject({ state: 'skipped' });
    expect(told(await check('https://parley.invalid'))).toMatch(/FAILED .*(ENOTFOUND|EAI_AGAIN).*\n.*DNS/);
  });

  it('is refused without https, unless it is this machine', async () => {
    expect(told(await check('http://parley.invalid'))).toMatch(/is not https\n.*camera and microphone/);
  });

  it('is not trusted with a certificate of its own making, whose end can still be told', async () => {
    const port = await listen(createTlsServer(TLS, (_request, response) => void response.end()));
    const url = `https://localhost:${port}`;
    expect(told(await check(url))).toMatch(
      /FAILED .*DEPTH_ZERO_SELF_SIGNED_CERT.*\n.*an authority they know/,
    );
    expect(await certificateOf(url)).toBe(Date.parse('Oct 29 11:31:20 2126 GMT'));
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
    ['this machine alone', {}, 'ok', /this machine alone/],
    ['this machine by name', { publicUrl: 'http://localhost:3000' }, 'ok', /this machine alone/],
    ['all interfaces, nothing announced', { host: '0.0.0.0' }, 'failed', /would not know/],
    ['a public page, nothing announced', { publicUrl: 'https://203.0.113.5' }, 'failed', /would not know/],
    [
      'a public page, an inner address',
      { publicUrl: 'https://203.0.113.5', announcedAddress: '10.0.0.5' },
      'failed',
      /inner network/,
    ],
    [
      'an inner page, an inner address',
      { publicUrl: 'https://10.0.0.5', announcedAddress: '10.0.0.5' },
      'ok',
      /send sound and picture to 10\.0\.0\.5$/,
    ],
    ['an announced public address', { announcedAddress: '203.0.113.5' }, 'ok', /203\.0\.113\.5/],
    ['a name that nobody knows', { announcedAddress: 'media.invalid' }, 'failed', /not known here/],
  ])('is judged: %s', async (_what, settings, state, said) => {
    expect(await checkAnnounced({ ...media, ...settings })).toMatchObject({
      state,
      said: expect.stringMatching(said),
    });
  });

  it('has its ports, or says which of them another program has', async () => {
    const port = await listen(createTcpServer());
    const settings = { ...media, portBase: port };
    expect(await checkPorts(settings, false)).toMatchObject({
      state: 'failed',
      said: `not to be had: TCP ${port} (EADDRINUSE)`,
    });
    await closers.pop()!();
    expect(await checkPorts(settings, false)).toMatchObject({ state: 'ok' });
  });
});

describe('the clock', () => {
  const others = (aheadMs: number) => [
    { name: 'nobody', nowMs: () => Promise.reject(new Error('silent')) },
    { name: 'somebody', nowMs: async () => 1_000_000 + aheadMs },
  ];
  it.each([
    [0, 'ok', 'agrees with that of somebody'],
    [20_000, 'ok', 'is 20 s behind that of somebody'],
    [90_000, 'failed', 'is 90 s behind that of somebody'],
    [-90_000, 'failed', 'is 90 s ahead of that of somebody'],
  ])('%d ms apart', async (aheadMs, state, said) => {
    expect(await checkClock(others(aheadMs), () => 1_000_000)).toMatchObject({ state, said });
  });

  it('is compared with any HTTP server, and with nobody when nobody answers', async () => {
    const url = await serve((_request, response) => void response.writeHead(404).end());
    expect(await checkClock([clockOf(url)], () => Date.now())).toMatchObject({ state: 'ok' });
    expect(await checkClock([], () => 0)).toMatchObject({ state: 'skipped' });
  });
});

describe('a relay', () => {
  it('that does not answer, or is none, is said to be', async () => {
    const url = `turn:127.0.0.1:${new URL(await serve(() => {})).port}?transport=tcp`;
    const asked = { username: 'u', credential: 'c' };
    expect(await checkRelay({ url: 'turn:127.0.0.1:1?transport=tcp', ...asked })).toMatchObject({
      state: 'failed',
      said: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await checkRelay({ url, ...asked })).toMatchObject({ state: 'failed' });
    expect(await checkRelay({ url: 'turn:a b', ...asked })).toMatchObject({ state: 'failed' });
  });

  it('is not believed when it answers with nonsense', () => {
    const refusal = writeAllocate(null);
    refusal.writeUInt16BE(0x0113, 0);
    expect(readAnswer(refusal)).toEqual({ is: 'refusal', code: 0, realm: '', nonce: '' });
    expect(readAnswer(refusal.subarray(0, 12))).toBeNull();
    expect(
      readAnswer(Buffer.concat([refusal.subarray(0, 2), Buffer.from([0xff, 0xff]), refusal.subarray(4)])),
    ).toBeNull();
    expect(readAnswer(Buffer.alloc(40))).toBeNull();
    // A length that leads beyond the end.
    refusal.writeUInt16BE(0xffff, 22);
    expect(readAnswer(refusal)).toMatchObject({ is: 'refusal', code: 0 });
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

it('sums up, and fails only for what has to be mended', () => {
  const finding = (state: Finding['state']): Finding => ({ check: 'c', state, said: 's' });
  expect(summaryText([finding('ok'), finding('skipped')])).toBe('Nothing to mend.');
  expect(summaryText([finding('warning')])).toBe('Nothing to mend. 1 note above.');
  expect(exitCode([finding('warning'), finding('ok')])).toBe(0);
  expect(summaryText([finding('failed'), finding('failed')])).toBe('2 things to mend: see FAILED above.');
  expect(exitCode([finding('ok'), finding('failed')])).toBe(1);
});
