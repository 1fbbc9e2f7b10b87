import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { startVanishingServer, type VanishingServer } from '../support/vanishing-server.ts';
import { clock, silent } from './support/places.ts';
import { transcribe, untilAborted, watchedHandlers } from './support/samples.ts';

/** After the address leads to a new server. */
const WORK_GOES_ON_WITHIN_MS = 30_000;

let postgres: PostgresServer;
let address: VanishingServer;
let storage: Storage;
beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.createDatabase('vanishing');
  const url = new URL(postgres.urlOf('vanishing'));
  address = await startVanishingServer(Number(url.port));
  url.port = String(address.port);
  storage = await openStorage({ databaseUrl: url.href, dataDir: '', clock, log: silent });
});
afterAll(async () => {
  await storage.queue.stop(0);
  await storage.close();
  await address.close();
  await postgres.close();
});

test('a server that vanishes without a reset costs no more than its absence', async () => {
  const { handlers, ran } = watchedHandlers(async (job, { signal }) => {
    if (job.name === 'transcribe' && job.conversationId === 'in hand') await untilAborted(signal);
  });
  const hasRun = (id: string) =>
    ran.some(({ job }) => job.name === 'transcribe' && job.conversationId === id);
  const enqueue = (id: string) => storage.store.transact((tx) => tx.enqueue(transcribe(id)));
  /** As whoever delivers an event again until it is taken. */
  const enqueueUntilTaken = (id: string) => until(() => enqueue(id).then(() => true), { everyMs: 500 });
  await storage.queue.work(handlers, { concurrency: 2 });
  await enqueue('in hand');
  await until(() => hasRun('in hand'));
  // Connections of both pools are open, and idle or in use.
  await Promise.all(Array.from({ length: 10 }, () => storage.store.check()));

  address.vanish();
  const posted = enqueueUntilTaken('posted in the outage');
  await until(async () => !(await storage.store.check()), { what: 'the store to say so' });
  await until(() => !storage.queue.isWorking(), { what: 'the queue to say so' });

  address.replace();
  const replacedAt = performance.now();
  await posted;
  await until(() => hasRun('posted in the outage'), { everyMs: 10 });
  expect(performance.now() - replacedAt).toBeLessThan(WORK_GOES_ON_WITHIN_MS);
  expect(await storage.store.check()).toBe(true);
  await until(() => storage.queue.isWorking());
  await until(() => address.waiting === 0, { what: 'no connection to the server that vanished' });

  // Each is enqueued just after the one before began. By polls alone all but the first would wait for 3 s.
  const waits: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    await enqueue(`notified ${i}`);
    const committedAt = performance.now();
    await until(() => hasRun(`notified ${i}`), { everyMs: 1 });
    waits.push(performance.now() - committedAt);
  }
  expect(Math.min(...waits.slice(1))).toBeLessThan(1_500);
}, 180_000);
