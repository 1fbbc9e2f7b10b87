import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkRelay } from '../../src/doctor/checks/relay.ts';
import { turnServer } from '../../src/media/index.ts';
import type { Workers } from '../../src/media/workers.ts';
import { startWorkers } from '../media/support.ts';
import { startMeetingServer } from '../pages/meeting/support/meeting-server.ts';
import { launchBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { startDoctorServer } from './support/doctor-server.ts';
import { haveRelay, startRelay } from './support/relay.ts';

const SECRET = 'what-parley-and-the-relay-share';
const closers: (() => Promise<void>)[] = [];
let workers: Workers;
let browser: Browser;
let relay: Awaited<ReturnType<typeof startRelay>>;

const credentials = (options: { secret?: string; transport?: 'udp' | 'tcp'; validForMs?: number }) =>
  turnServer({
    urls: [`${relay.url}?transport=${options.transport ?? 'udp'}`],
    secret: options.secret ?? SECRET,
    personId: 'someone',
    nowMs: Date.now(),
    validForMs: options.validForMs ?? 60_000,
  });
/** The browser's own statistics would be as good; this also says how the relay took it. */
const relayed = (): number => relay.output().match(/CREATE_PERMISSION processed, success/g)?.length ?? 0;

describe.skipIf(!haveRelay())(
  'through a real relay (skipped where coturn’s turnserver is not installed)',
  () => {
    beforeAll(async () => {
      [workers, browser, relay] = await Promise.all([
        startWorkers(1),
        launchBrowser({
          flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
        }),
        startRelay(SECRET),
      ]);
    });
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      for (const close of closers.splice(0)) await close();
    });
    afterAll(async () => {
      await browser?.close();
      await relay?.close();
      workers?.close();
    });

    const testThrough = async (options: Parameters<typeof credentials>[0]): Promise<string> => {
      const server = await startDoctorServer({
        workers: () => workers,
        iceServers: () => [credentials(options)],
      });
      closers.push(() => server.close());
      const page = await browser.newPage();
      await page.goto(await server.link());
      await page.getByRole('button', { name: 'Start test' }).click();
      await page.getByRole('button', { name: 'Test again' }).waitFor({ timeout: 90_000 });
      return page.getByRole('listitem').filter({ hasText: /TURN/ }).innerText();
    };

    it.each(['udp', 'tcp'] as const)(
      'sound goes to a worker and back, with the relay by %s',
      async (transport) => {
        const before = relayed();
        expect(await testThrough({ transport })).toMatch(
          new RegExp(
            `Works: .*\\d{4,} bytes of audio there, \\d{4,} back; server 127.*, relay over ${transport}`,
          ),
        );
        expect(relayed()).toBeGreaterThan(before);
      },
    );

    it('no one is let through by the credentials of another secret, or of yesterday', async () => {
      const before = relayed();
      expect(await testThrough({ secret: 'another-secret' })).toMatch(
        /Failed: no path found in 12 s; the relay answered 401/,
      );
      expect(await testThrough({ validForMs: -60_000 })).toMatch(/Failed: no path found/);
      expect(relayed()).toBe(before);
    });

    it.each(['udp', 'tcp'] as const)('the command allocates an address on it by %s', async (transport) => {
      const ask = (secret: string) => {
        const { urls, username = '', credential = '' } = credentials({ secret, transport });
        return checkRelay({ url: urls[0]!, username, credential });
      };
      expect(await ask(SECRET)).toMatchObject({
        state: 'ok',
        message: expect.stringMatching(/accepts Parley’s credentials$/),
      });
      expect(await ask('another-secret')).toMatchObject({
        state: 'failed',
        message: expect.stringMatching(/refuses Parley’s credentials \(401\)$/),
        advice: expect.stringContaining('TURN_SECRET'),
      });
    });

    it('two people meet who can reach nothing but the relay', async () => {
      const server = await startMeetingServer({
        workers,
        guests: { maya: { name: 'Maya', host: true }, ben: { name: 'Ben' } },
        iceServers: () => [credentials({})],
      });
      closers.push(() => server.close());
      const join = async (who: string): Promise<Page> => {
        const page = await (await browser.newContext()).newPage();
        await page.addInitScript(ONLY_RELAY);
        await page.goto(server.urlOf(who));
        await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
        await page.getByRole('button', { name: 'Join now' }).click();
        await page.getByRole('button', { name: 'Leave' }).waitFor();
        return page;
      };
      const maya = await join('maya');
      await join('ben');
      await until(async () => Number(await maya.evaluate(FRAMES_OF_BEN)) > 10, { what: 'a picture of Ben' });
      await until(() => (server.audioPackets.get(server.partyOf('Ben')) ?? 0) > 50, { what: 'Ben’s voice' });
      expect(await maya.evaluate('paths()')).toEqual(['relay', 'relay']);
    });
  },
);

/** As on a network that lets nothing else through; here it is set in the browser. */
const ONLY_RELAY = `
  const Real = RTCPeerConnection;
  const opened = [];
  globalThis.RTCPeerConnection = class extends Real {
    constructor(options) {
      super({ ...options, iceTransportPolicy: 'relay' });
      opened.push(this);
    }
  };
  globalThis.paths = () => Promise.all(opened
    .filter(({ connectionState }) => connectionState === 'connected')
    .map(async (connection) => {
      const entries = [...(await connection.getStats()).values()];
      const { selectedCandidatePairId } = entries.find(({ type }) => type === 'transport');
      const pair = entries.find(({ id }) => id === selectedCandidatePairId);
      return entries.find(({ id }) => id === pair.localCandidateId).candidateType;
    }));`;

const FRAMES_OF_BEN = `document.querySelector('[aria-label="Ben"] video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0`;
