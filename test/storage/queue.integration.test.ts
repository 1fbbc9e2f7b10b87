import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Job } from '../../src/core/conversation/types.ts';
import { AppError } from '../../src/core/error.ts';
import { openDatabase } from '../../src/storage/database.ts';
import type { Storage } from '../../src/storage/index.ts';
import { createPlaces, type Place, type Places, SIZES, silent } from './support/places.ts';
import { conversationId, memberId, transcribe, untilAborted, watchedHandlers } from './support/samples.ts';

const busy = (retryAfterMs?: number) =>
  new AppError({ code: 'engine-busy', retryable: true, userMessage: 'Busy.', retryAfterMs });
const refused = new AppError({ code: 'engine-refused', retryable: false, userMessage: 'No.' });

/** Generous, because the machine that runs this may be busy with other tests. */
const soon = { timeout: 30_000, interval: 10 };

describe.each(SIZES)('the queue (%s)', (size) => {
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

  test('every kind of job reaches its handler as it was enqueued, once', () =>
    using(async (storage, enqueue) => {
      const jobs: Job[] = [
        { name: 'announce', conversationIds: [conversationId('a'), conversationId('b')] },
        transcribe('a'),
        { name: 'publish', conversationId: conversationId('a'), revision: 3 },
        {
          name: 'share-export',
          conversationId: conversationId('a'),
          format: 'vtt',
          revision: 3,
          by: memberId('U1'),
        },
      ];
      const { handlers, ran } = watchedHandlers();
      await enqueue(...jobs);
      await storage.queue.work(handlers, { concurrency: 1 });
      await vi.waitFor(() => expect(ran).toHaveLength(jobs.length), soon);
      expect(ran.every(({ attempt }) => attempt === 1)).toBe(true);
      for (const job of jobs) expect(ran.map((one) => one.job)).toContainEqual(job);
    }));

  test('a job exists only if its transaction commits', () =>
    using(async (storage, enqueue) => {
      const { handlers, ran } = watchedHandlers();
      await storage.queue.work(handlers, { concurrency: 1 });
      const undone = storage.store.transact(async (tx) => {
        await tx.enqueue(transcribe('undone'));
        throw refused;
      });
      await expect(undone).rejects.toBe(refused);
      await enqueue(transcribe('after'));
      await vi.waitFor(() => expect(ran.length).toBeGreaterThan(0), soon);
      expect(ran).toEqual([{ job: transcribe('after'), attempt: 1 }]);
    }));

  test('a job is picked up within 50 ms, because nobody looks for it by the clock', () =>
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
        await vi.waitFor(() => expect(startedAt).toHaveLength(i + 1), { timeout: 15_000, interval: 1 });
        waits.push(startedAt[i]! - committedAt);
      }
      // The best of them: other tests may take the processor away from most. A look every 2 s would be late for all.
      expect(Math.min(...waits)).toBeLessThan(50);
    }));

  test('a passing fault is tried again after each wait in turn, and the person is told before each', () =>
    using(
      async (storage, enqueue) => {
        const startedAt: number[] = [];
        const { handlers, ran, retries, givenUp } = watchedHandlers(async (_job, { attempt }) => {
          startedAt.push(performance.now());
          if (attempt < 4) throw attempt === 2 ? busy(150) : busy(attempt === 3 ? 1 : undefined);
        });
        await storage.queue.work(handlers, { concurrency: 1 });
        await enqueue(transcribe('thrice'));
        await vi.waitFor(() => expect(ran).toHaveLength(4), soon);
        expect(ran.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
        // The second wait is the one that the other side asked for. It may ask for more than ours, and not for less.
        const waits = [40, 150, 120];
        expect(retries.map(({ inMs }) => inMs)).toEqual(waits);
        expect(retries.every(({ error }) => error.code === 'engine-busy')).toBe(true);
        waits.forEach((wait, i) => {
          expect(startedAt[i + 1]! - startedAt[i]!).toBeGreaterThanOrEqual(wait);
        });
        expect(givenUp).toEqual([]);
      },
      { retryDelaysMs: [40, 80, 120] },
    ));

  test('a final fault is given up at once, a passing one after the last attempt', () =>
    using(
      async (storage, enqueue) => {
        const { handlers, ran, retries, givenUp } = watchedHandlers(async (job) => {
          throw job.name === 'publish' ? refused : new Error('who knows');
        });
        await storage.queue.work(handlers, { concurrency: 1 });
        await enqueue(transcribe('passing'), {
          name: 'publish',
          conversationId: conversationId('final'),
          revision: 1,
        });
        await vi.waitFor(() => expect(givenUp).toHaveLength(2), soon);
        const outcomeOf = (name: string) => ({
          ran: ran.filter(({ job }) => job.name === name).length,
          retries: retries.filter(({ job }) => job.name === name).length,
          error: givenUp.find(({ job }) => job.name === name)?.error.code,
        });
        expect(outcomeOf('publish')).toEqual({ ran: 1, retries: 0, error: 'engine-refused' });
        expect(outcomeOf('transcribe')).toEqual({ ran: 3, retries: 2, error: 'unexpected' });
      },
      { retryDelaysMs: [5, 5] },
    ));

  test('a job that cannot even be given up runs again', () =>
    using(
      async (storage, enqueue) => {
        let failures = 0;
        const { handlers, ran, givenUp } = watchedHandlers(
          async () => {
            throw refused;
          },
          async () => {
            failures += 1;
            if (failures < 3) throw new Error('the thread cannot be reached');
          },
        );
        await storage.queue.work(handlers, { concurrency: 1 });
        await enqueue(transcribe('stubborn'));
        await vi.waitFor(() => expect(failures).toBe(3), soon);
        expect(ran.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
        expect(givenUp.every(({ error }) => error === refused)).toBe(true);
      },
      { retryDelaysMs: [5] },
    ));

  test('transcriptions run side by side up to the limit, and nothing else waits for them', () =>
    using(async (storage, enqueue) => {
      let now = 0;
      let most = 0;
      const finish: (() => void)[] = [];
      const { handlers, ran } = watchedHandlers(async (job) => {
        if (job.name !== 'transcribe') return;
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => finish.push(resolve));
        now -= 1;
      });
      await storage.queue.work(handlers, { concurrency: 2 });
      await enqueue(transcribe('1'), transcribe('2'), transcribe('3'));
      await vi.waitFor(() => expect(now).toBe(2), soon);
      await enqueue({ name: 'announce', conversationIds: [] });
      await vi.waitFor(() => expect(ran.map(({ job }) => job.name)).toContain('announce'), soon);
      for (let done = 1; done <= 3; done += 1) {
        await vi.waitFor(() => expect(finish.length).toBeGreaterThan(0), soon);
        finish.shift()?.();
      }
      await vi.waitFor(() => expect(now).toBe(0), soon);
      expect(most).toBe(2);
      expect(ran).toHaveLength(4);
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

  test('a job for later waits its time', () =>
    using(async (storage) => {
      let startedAt = 0;
      const { handlers } = watchedHandlers(async () => {
        startedAt = performance.now();
      });
      await storage.queue.work(handlers, { concurrency: 1 });
      const enqueuedAt = performance.now();
      await storage.store.transact((tx) => tx.enqueue(transcribe('later'), { startAfterMs: 300 }));
      await vi.waitFor(() => expect(startedAt).not.toBe(0), soon);
      expect(startedAt - enqueuedAt).toBeGreaterThanOrEqual(300);
    }));

  test('a stop waits for what is nearly done, and what it cuts off runs again without an attempt lost', async () => {
    const storage = await place.open();
    let finishQuick = () => {};
    const { handlers, ran, retries, givenUp } = watchedHandlers(async (job, { signal }) => {
      if (job.name === 'transcribe') return untilAborted(signal);
      await new Promise<void>((resolve) => {
        finishQuick = resolve;
      });
    });
    await storage.queue.work(handlers, { concurrency: 1 });
    await storage.store.transact(async (tx) => {
      await tx.enqueue(transcribe('cut off'));
      await tx.enqueue({ name: 'announce', conversationIds: [] });
    });
    await vi.waitFor(() => expect(ran).toHaveLength(2), soon);
    const stopped = storage.queue.stop(3_000);
    finishQuick();
    await storage.store.transact((tx) =>
      tx.enqueue({ name: 'publish', conversationId: conversationId('x'), revision: 1 }),
    );
    await stopped;
    await storage.close();
    expect([retries, givenUp]).toEqual([[], []]);
    expect(ran).toHaveLength(2);

    await using(async (next) => {
      const again = watchedHandlers();
      await next.queue.work(again.handlers, { concurrency: 1 });
      await vi.waitFor(() => expect(again.ran).toHaveLength(2), soon);
      expect(again.ran).toContainEqual({ job: transcribe('cut off'), attempt: 1 });
      expect(again.ran.map(({ job }) => job.name)).toContain('publish');
    });
  });

  test('a handler that does not heed the stop loses its job to the next start, and cannot end it any more', async () => {
    const storage = await place.open();
    let finishLate = () => {};
    const { handlers, ran } = watchedHandlers(
      () =>
        new Promise<void>((resolve) => {
          finishLate = resolve;
        }),
    );
    await storage.queue.work(handlers, { concurrency: 1 });
    await storage.store.transact((tx) => tx.enqueue(transcribe('deaf')));
    await vi.waitFor(() => expect(ran).toHaveLength(1), soon);
    await storage.queue.stop(0);
    finishLate();
    await storage.close();

    await using(async (next) => {
      const again = watchedHandlers();
      await next.queue.work(again.handlers, { concurrency: 1 });
      await vi.waitFor(() => expect(again.ran).toEqual([{ job: transcribe('deaf'), attempt: 1 }]), soon);
    });
  });

  test('a job that this version cannot read is set aside, and lost to nobody', async () => {
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
    await vi.waitFor(() => expect(complaints).toEqual(['a job cannot be read and is set aside']), soon);
    await storage.queue.stop(5_000);
    await storage.close();
    expect(ran).toEqual([]);
    expect(await ask(`select state from pgboss.job where ${theJob}`)).toEqual([{ state: 'retry' }]);
    await ask(`delete from pgboss.job where ${theJob}`);
  });

  test.runIf(size === 'server')('two copies of the program share the jobs, each job once', async () => {
    // Started at once, on a database that has nothing yet.
    const empty = await places.create();
    const copies = await Promise.all([empty.open(), empty.open()]);
    const watched = copies.map(() => watchedHandlers());
    await Promise.all(copies.map((copy, i) => copy.queue.work(watched[i]!.handlers, { concurrency: 3 })));
    const ids = Array.from({ length: 60 }, (_, i) => `shared-${i}`);
    await Promise.all(ids.map((id, i) => copies[i % 2]!.store.transact((tx) => tx.enqueue(transcribe(id)))));
    const ranIds = () =>
      watched.flatMap(({ ran }) =>
        ran.map(({ job }) => (job.name === 'transcribe' ? job.conversationId : '')),
      );
    await vi.waitFor(() => expect(ranIds().length).toBeGreaterThanOrEqual(ids.length), soon);
    for (const copy of copies) {
      await copy.queue.stop(5_000);
      await copy.close();
    }
    expect(ranIds().sort()).toEqual(ids.sort());
    expect(watched.every(({ ran }) => ran.length > 0)).toBe(true);
  });
});
