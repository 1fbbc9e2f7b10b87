import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Peer } from '../../src/media/peer.ts';
import type { Notification } from '../../src/media/signalling/messages.ts';
import type { Workers } from '../../src/media/workers.ts';
import { launchBrowser } from '../support/browser.ts';
import { fixture } from '../support/fixtures.ts';
import { until } from '../support/until.ts';
import { startMeeting } from './signalling/support.ts';
import { monotonic, startWorkers } from './support.ts';

/** What browser/client.js answers, seen from here. */
interface Client {
  readonly told: Notification[];
  join(): Promise<{ peerId: string; resumed: boolean }>;
  arrived(): Promise<{ microphone: number; camera: number; frameWidth: number }>;
  ask(name: string, data: object): Promise<unknown>;
  idOf(source: string): string;
  consumerOf(source: string): string | undefined;
  cut(): void;
}
declare const meeting: { enter(url: string, protocol?: string): Promise<Client> };
declare const client: Client;

const bundle = async (): Promise<string> => {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: path.join(import.meta.dirname, 'browser/client.js'),
        formats: ['iife'],
        name: 'meeting',
      },
    },
  })) as Rollup.RollupOutput[];
  return built[0]!.output[0].code;
};

let workers: Workers;
let server: Awaited<ReturnType<typeof startMeeting>>;
let pages: Server;
let browser: Browser;
const heard = { packets: 0, mutedPackets: 0, muted: false };

beforeAll(async () => {
  workers = await startWorkers(1);
  server = await startMeeting(workers, {
    parts: {
      listen: ({ partyIndex }) => ({
        packet: () => {
          if (partyIndex !== 0) return;
          heard.packets += 1;
          if (heard.muted) heard.mutedPackets += 1;
        },
        paused: (paused) => {
          if (partyIndex === 0) heard.muted = paused;
        },
        closed: () => {},
      }),
      transcript: () => ({ lines: [], last: 0, more: false, parties: [] }),
      iceServers: () => [],
      joined: () => {},
      left: () => {},
      removed: () => {},
      captionsSwitched: () => {},
      phoneAsked: async () => null,
      hangUpAsked: () => {},
      ended: () => {},
    },
    nowMs: monotonic.nowMs,
  });
  const code = await bundle();
  pages = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><script>${code.replaceAll('</script', '<\\/script')}</script>`);
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser({
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // Real talk: the beeps of the made-up microphone are nobody's voice.
      `--use-file-for-fake-audio-capture=${fixture('two-voices.wav')}`,
      '--autoplay-policy=no-user-gesture-required',
      // Both ends are on this machine.
      '--allow-loopback-in-peer-connection',
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
  await server?.close();
  workers?.close();
});

const enter = async (who: string, protocol?: string): Promise<Page> => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
  await page.evaluate(
    async ([url = '', by]) => {
      Object.assign(globalThis, { client: await meeting.enter(url, by) });
      await client.join();
    },
    [server.urlOf(who), protocol],
  );
  return page;
};
const arrived = (page: Page) => page.evaluate(() => client.arrived());
const told = (page: Page, tell: string) =>
  page.evaluate((kind) => client.told.filter((message) => message.tell === kind), tell);
/** Waits until more sound and pictures than now have come. */
const flows = async (page: Page): Promise<void> => {
  const before = await arrived(page);
  await until(async () => {
    const now = await arrived(page);
    return now.microphone > before.microphone && now.camera > before.camera;
  });
};

describe('two browsers in a meeting on the real worker', () => {
  it('hear and see each other, choose layers, mute for good, and come back after a cut and after a dead worker', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');

    await flows(ada);
    await flows(bob);
    await until(() => heard.packets > 20, { what: 'sound at the tap' });
    await until(async () => (await told(bob, 'audioLevels')).length > 0);
    await until(async () => (await told(bob, 'activeSpeaker')).length > 0);

    await bob.evaluate(() =>
      client.ask('setLayers', { consumerId: client.consumerOf('camera'), spatialLayer: 0 }),
    );
    await until(async () => (await arrived(bob)).frameWidth === 320, { what: 'the smallest layer' });

    await ada.evaluate(() => client.ask('pauseProducer', { producerId: client.idOf('microphone') }));
    await until(() => heard.muted);
    const before = heard.packets;
    // Her browser goes on sending; half a second of it would be 25 packets.
    await flowsAtServer(server, 25);
    expect([heard.packets - before, heard.mutedPackets]).toEqual([0, 0]);
    await ada.evaluate(() => client.ask('resumeProducer', { producerId: client.idOf('microphone') }));
    await until(() => heard.packets > before);

    const resumed = await bob.evaluate(async () => {
      client.cut();
      return await client.join();
    });
    expect(resumed.resumed).toBe(true);
    await flows(ada);
    await flows(bob);

    const killedMs = performance.now();
    process.kill(workers.pids()[0]!, 'SIGKILL');
    await until(async () => (await told(bob, 'mediaLost')).length > 0);
    await flows(ada);
    await flows(bob);
    expect(performance.now() - killedMs).toBeLessThan(5_000);
    await Promise.all([ada.close(), bob.close()]);
  });

  it('hear and see each other where the network lets only TCP through', async () => {
    const cleo = await enter('Cleo', 'tcp');
    const dan = await enter('Dan');
    await flows(cleo);
    await flows(dan);
    const tuples = [...server.meeting.places.values()].map(({ identity, media }) => [
      identity.name,
      media instanceof Peer ? media.tuple('send')?.protocol : undefined,
    ]);
    expect(tuples).toContainEqual(['Cleo', 'tcp']);
    expect(tuples).toContainEqual(['Dan', 'udp']);
  });
});

/** Waits until the worker has got so many more packets of the first person's microphone. */
const flowsAtServer = async (of: typeof server, packets: number): Promise<void> => {
  const producer = [...of.meeting.places.values()]
    .find(({ partyIndex }) => partyIndex === 0)
    ?.media?.sent.get('microphone')?.producer;
  const count = async (): Promise<number> => (await producer?.getStats())?.[0]?.packetCount ?? 0;
  const before = await count();
  await until(async () => (await count()) >= before + packets);
};
