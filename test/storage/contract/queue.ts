import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { Storage } from '../../../src/storage/index.ts';
import type { Place, Places } from '../support/places.ts';
import { conversationId, memberId, transcribe, untilAborted, watchedHandlers } from '../support/samples.ts';

const busy = (retryAfterMs?: number) =>
  new AppError({ code: 'engine-busy', retryable: true, userMessage: 'Busy.', retryAfterMs });
const tooLong = new AppError({
  code: 'engine-failed',
  retryable: true,
  userMessage: 'Too long.',
  maxAttempts: 2,
});
const refused = new AppError({ code: 'engine-refused', retryable: false, userMessage: 'No.' });

export const queueContract = (size: string, createPlaces: () => Promise<Places>): void => {
  describe(`the queue (${size})`, () => {
    let places: Places;
    let place: Place;
    beforeAll(async () => {
      places = await createPlaces();
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
        await places.passing(storage.queue.stop(5_000));
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
        await places.until(() => ran.length === jobs.length);
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
        await places.until(() => ran.length > 0);
        expect(ran).toEqual([{ job: transcribe('after'), attempt: 1 }]);
      }));

    test('a transient fault is retried after each wait in turn, announced before each', () =>
      using(
        async (storage, enqueue) => {
          const startedAt: number[] = [];
          const { handlers, ran, retries, givenUp } = watchedHandlers(async (_job, { attempt }) => {
            startedAt.push(places.nowMs());
            if (attempt < 4) throw attempt === 2 ? busy(150) : busy(attempt === 3 ? 1 : undefined);
          });
          await storage.queue.work(handlers, { concurrency: 1 });
          await enqueue(transcribe('thrice'));
          await places.until(() => ran.length === 4);
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
          await places.until(() => givenUp.length === 2);
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

    test('a fault that is worth one more try gets one', () =>
      using(
        async (storage, enqueue) => {
          const { handlers, ran, givenUp } = watchedHandlers(async () => {
            throw tooLong;
          });
          await storage.queue.work(handlers, { concurrency: 1 });
          await enqueue(transcribe('too long'));
          await places.until(() => givenUp.length === 1);
          expect(ran).toHaveLength(2);
        },
        { retryDelaysMs: [5, 5, 5] },
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
          await places.until(() => failures === 3);
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
        await places.until(() => now === 2);
        await enqueue({ name: 'announce', conversationIds: [] });
        await places.until(() => ran.map(({ job }) => job.name).includes('announce'));
        for (let done = 1; done <= 3; done += 1) {
          await places.until(() => finish.length > 0);
          finish.shift()?.();
        }
        await places.until(() => now === 0);
        expect(most).toBe(2);
        expect(ran).toHaveLength(4);
      }));

    test('a job for later waits its time', () =>
      using(async (storage) => {
        let startedAt = 0;
        const { handlers } = watchedHandlers(async () => {
          startedAt = places.nowMs();
        });
        await storage.queue.work(handlers, { concurrency: 1 });
        const enqueuedAt = places.nowMs();
        await storage.store.transact((tx) => tx.enqueue(transcribe('later'), { startAfterMs: 300 }));
        await places.until(() => startedAt !== 0);
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
      await places.until(() => ran.length === 2);
      const stopped = storage.queue.stop(3_000);
      finishQuick();
      await storage.store.transact((tx) =>
        tx.enqueue({ name: 'publish', conversationId: conversationId('x'), revision: 1 }),
      );
      await places.passing(stopped);
      await storage.close();
      expect([retries, givenUp]).toEqual([[], []]);
      expect(ran).toHaveLength(2);

      await using(async (next) => {
        const again = watchedHandlers();
        await next.queue.work(again.handlers, { concurrency: 1 });
        await places.until(() => again.ran.length === 2);
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
      await places.until(() => ran.length === 1);
      await places.passing(storage.queue.stop(0));
      finishLate();
      await storage.close();

      await using(async (next) => {
        const again = watchedHandlers();
        await next.queue.work(again.handlers, { concurrency: 1 });
        await places.until(() => again.ran.length > 0);
        expect(again.ran).toEqual([{ job: transcribe('deaf'), attempt: 1 }]);
      });
    });
  });
};
