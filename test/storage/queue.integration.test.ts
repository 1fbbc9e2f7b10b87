import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Job } from '../../src/core/conversation/types.ts';
import { openDatabase } from '../../src/storage/database.ts';
import type { Storage } from '../../src/storage/index.ts';
import { queueContract } from './contract/queue.ts';
import { createPlaces, type Place, type Places, SIZES, silent } from './support/places.ts';
import { transcribe, watchedHandlers } from './support/samples.ts';

for (const size of SIZES) queueContract(size, () => createPlaces(size));

/** Generous, because the machine that runs this may be busy with other tests. */
const soon = { timeout: 30_000, interval: 10 };

describe.each(SIZES)('the queue in real time (%s)', (size) => {
  let places: Places;
  let place: Place;
  beforeAll(async () => {
    places = await createPlaces(size);
    place = await places.create();
    await (await place.open()).close();
  });
  afterAll(() => places.close());

  /** One storage after another on the same database, as one start of the program follows another. */
  const using = async (
    work: (storage: Storage, enqueue: (...jobs: Job[]) => Promise<void>) => Promise<void>,
    options?: { retryDelaysMs: readonly number[] },
  ): Promise<void> => {
    const storage = await place.open(options);
    try {
      await work(storage, (...jobs) =>
        storage.store.transact(async (tx) => {
          for (const job of jobs) await tx.enqueue(job);
        }),
      );
    } finally {
      await storage.queue.stop(5_000);
      await storage.close();
    }
  };

  test('a job is picked up when it is committed, and not by the next poll', () =>
    using(async (storage, enqueue) => {
      const startedAt: number[] = [];
      const { handlers } = watchedHandlers(async () => {
        startedAt.push(performance.now());
      });
      await storage.queue.work(handlers, { concurrency: 1 });
      const waits: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        await enqueue(transcribe(`quick-${i}`));
        const committedAt = performance.now();
        await vi.waitFor(() => expect(startedAt).toHaveLength(i + 1), { timeout: 120_000, interval: 1 });
        waits.push(startedAt[i]! - committedAt);
      }
      // Each job is committed just after the one before was picked up. By polls, all but the first would wait for a
      // whole interval of 3 s, so one that waits less than half of it proves the notification on any machine.
      expect(Math.min(...waits.slice(1))).toBeLessThan(1_500);
    }));

  test('a backlog is worked off without a pause between the jobs', () =>
    using(async (storage, enqueue) => {
      const { handlers, ran } = watchedHandlers();
      await enqueue(...Array.from({ length: 30 }, (_, i) => transcribe(`backlog-${i}`)));
      const startedAt = performance.now();
      await storage.queue.work(handlers, { concurrency: 1 });
      await vi.waitFor(() => expect(ran).toHaveLength(30), soon);
      // One look every 2 s would take a minute.
      expect(performance.now() - startedAt).toBeLessThan(30_000);
    }));

  test('a job that this version cannot read is set aside, and not lost', async () => {
    const before = await place.open();
    await before.store.transact((tx) => tx.enqueue(transcribe('of a newer version')));
    await before.close();
    const ask = async (statement: string): Promise<unknown> => {
      const database = await openDatabase({ ...place, log: silent });
      const { rows } = await sql.raw(statement).execute(database.db);
      await database.close();
      return rows;
    };
    const theJob = "data #>> '{job,conversationId}' = 'of a newer version'";
    await ask(`update pgboss.job set data = jsonb_set(data, '{job,name}', '"transmute"') where ${theJob}`);

    const complaints: string[] = [];
    const storage = await place.open({
      log: { ...silent, error: (_fields, message) => complaints.push(message) },
    });
    const { handlers, ran } = watchedHandlers();
    await storage.queue.work(handlers, { concurrency: 1 });
    await vi.waitFor(() => expect(complaints).toEqual(['unreadable job set aside']), soon);
    await storage.queue.stop(5_000);
    await storage.close();
    expect(ran).toEqual([]);
    expect(await ask(`select state from pgboss.job where ${theJob}`)).toEqual([{ state: 'retry' }]);
    await ask(`delete from pgboss.job where ${theJob}`);
  });

  test('jobs that may have killed two processes run one after the other, without an attempt lost', async () => {
    const before = await place.open();
    await before.store.transact(async (tx) => {
      for (const id of ['suspect 1', 'suspect 2']) await tx.enqueue(transcribe(id));
    });
    await before.close();
    const database = await openDatabase({ ...place, log: silent });
    await sql`update pgboss.job set data = jsonb_set(data, '{kills}', '2')
      where data #>> '{job,conversationId}' like 'suspect%'`.execute(database.db);
    await database.close();

    await using(async (storage) => {
      let running = 0;
      let most = 0;
      const { handlers, ran } = watchedHandlers(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 500));
        running -= 1;
      });
      await storage.queue.work(handlers, { concurrency: 2 });
      await vi.waitFor(() => expect(ran).toHaveLength(2), soon);
      expect(most).toBe(1);
      expect(ran.map(({ attempt }) => attempt)).toEqual([1, 1]);
    });
  });

  test.runIf(size === 'server')('two instances share the jobs, each job once', async () => {
    // Started at once, on a database that has nothing yet.
    const empty = await places.create();
    const instances = await Promise.all([empty.open(), empty.open()]);
    const watched = instances.map(() => watchedHandlers());
    await Promise.all(
      instances.map((instance, i) => instance.queue.work(watched[i]!.handlers, { concurrency: 3 })),
    );
    const ids = Array.from({ length: 60 }, (_, i) => `shared-${i}`);
    await Promise.all(
      ids.map((id, i) => instances[i % 2]!.store.transact((tx) => tx.enqueue(transcribe(id)))),
    );
    const ranIds = () =>
      watched.flatMap(({ ran }) =>
        ran.map(({ job }) => (job.name === 'transcribe' ? job.conversationId : '')),
      );
    await vi.waitFor(() => expect(ranIds().length).toBeGreaterThanOrEqual(ids.length), soon);
    for (const instance of instances) {
      await instance.queue.stop(5_000);
      await instance.close();
    }
    expect(ranIds().sort()).toEqual(ids.sort());
    expect(watched.every(({ ran }) => ran.length > 0)).toBe(true);
  });
});
