import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Peer } from '../../src/media/peer.ts';
import type { Workers } from '../../src/media/workers.ts';
import { until } from '../support/until.ts';
import { type Client, startPages } from './browser/pages.ts';
import { startMeeting } from './signalling/support.ts';
import { startWorkers } from './support.ts';

declare const client: Client;

let workers: Workers;
let server: Awaited<ReturnType<typeof startMeeting>>;
let pages: Awaited<ReturnType<typeof startPages>>;
const tapped = { packets: 0, mutedPackets: 0, muted: false };

beforeAll(async () => {
  workers = await startWorkers(1);
  server = await startMeeting(workers, {
    pipeAudio: ({ partyIndex }) => ({
      packet: () => {
        if (partyIndex !== 0) return;
        tapped.packets += 1;
        if (tapped.muted) tapped.mutedPackets += 1;
      },
      paused: (paused) => {
        if (partyIndex === 0) tapped.muted = paused;
      },
      closed: () => {},
    }),
  });
  pages = await startPages();
});
afterAll(async () => {
  await pages?.close();
  await server?.close();
  workers?.close();
});

const enter = (who: string, protocol?: string): Promise<Page> =>
  pages.enter(server.urlOf(who), protocol === undefined ? {} : { protocol });
const arrived = (page: Page) => page.evaluate(() => client.arrived());
const told = (page: Page, tell: string) =>
  page.evaluate((kind) => client.told.filter((message) => message.notification === kind), tell);
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
    await until(() => tapped.packets > 20, { what: 'sound at the tap' });
    await until(async () => (await told(bob, 'audioLevels')).length > 0);
    await until(async () => (await told(bob, 'activeSpeaker')).length > 0);

    await bob.evaluate(() =>
      client.request('setLayers', { consumerId: client.consumerOf('camera'), spatialLayer: 0 }),
    );
    await until(async () => (await arrived(bob)).frameWidth === 320, { what: 'the smallest layer' });

    await ada.evaluate(() => client.request('pauseProducer', { producerId: client.idOf('microphone') }));
    await until(() => tapped.muted);
    const before = tapped.packets;
    // Her browser goes on sending; half a second of it would be 25 packets.
    await flowsAtServer(server, 25);
    expect([tapped.packets - before, tapped.mutedPackets]).toEqual([0, 0]);
    await ada.evaluate(() => client.request('resumeProducer', { producerId: client.idOf('microphone') }));
    await until(() => tapped.packets > before);

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
    const tuples = [...server.participants().values()].map(({ person, media }) => [
      person.name,
      media instanceof Peer ? media.tuple('send')?.protocol : undefined,
    ]);
    expect(tuples).toContainEqual(['Cleo', 'tcp']);
    expect(tuples).toContainEqual(['Dan', 'udp']);
  });
});

/** Waits until the worker has got so many more packets of the first person's microphone. */
const flowsAtServer = async (of: typeof server, packets: number): Promise<void> => {
  const producer = [...of.participants().values()]
    .find(({ partyIndex }) => partyIndex === 0)
    ?.media?.sent.get('microphone')?.producer;
  const count = async (): Promise<number> => (await producer?.getStats())?.[0]?.packetCount ?? 0;
  const before = await count();
  await until(async () => (await count()) >= before + packets);
};
