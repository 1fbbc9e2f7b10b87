import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createPlaces, type Places, SIZES } from './support/places.ts';
import { type Child, startChild } from './support/processes.ts';
import { transcribe, untilAborted, watchedHandlers } from './support/samples.ts';

describe.each(SIZES)('after kill -9 (%s)', (size) => {
  let places: Places;
  const children: Child[] = [];
  const start = (options: Parameters<typeof startChild>[0]): Child => {
    const child = startChild(options);
    children.push(child);
    return child;
  };
  beforeAll(async () => {
    places = await createPlaces(size);
  });
  afterEach(() => Promise.all(children.splice(0).map((child) => child.kill())));
  afterAll(() => places.close());

  test.runIf(size === 'embedded')('the job in hand runs again at the next start', async () => {
    const place = await places.create();
    const child = start({ ...place, enqueue: 'interrupted' });
    await child.said('running 1');
    await child.kill();

    const storage = await place.open();
    const { handlers, ran } = watchedHandlers();
    await storage.queue.work(handlers, { concurrency: 1 });
    await vi.waitFor(() => expect(ran).toEqual([{ job: transcribe('interrupted'), attempt: 1 }]), {
      timeout: 120_000,
    });
  });

  test.runIf(size === 'embedded')('a job that kills its process three times is set aside', async () => {
    const place = await places.create();
    const retryDelaysMs = [1];
    for (const enqueue of ['deadly', undefined, undefined]) {
      const child = start({ ...place, retryDelaysMs, dieRunning: true, ...(enqueue && { enqueue }) });
      await child.exited;
      // A kill costs no attempt.
      await child.said('running 1');
    }
    const storage = await place.open({ retryDelaysMs });
    const { handlers, ran, givenUp } = watchedHandlers();
    await storage.queue.work(handlers, { concurrency: 1 });
    await vi.waitFor(() => expect(givenUp).toHaveLength(1), { timeout: 120_000 });
    expect(givenUp[0]).toMatchObject({
      job: transcribe('deadly'),
      error: { code: 'unexpected', retryable: false },
    });
    expect(ran).toEqual([]);
  });

  test.runIf(size === 'server')(
    'another instance continues the job of the dead one, and leaves the living one’s alone',
    async () => {
      const place = await places.create();
      // A living instance works on a job that outlasts every lease.
      const living = await place.open();
      const long = watchedHandlers((_job, { signal }) => untilAborted(signal));
      await living.queue.work(long.handlers, { concurrency: 1 });
      await living.store.transact((tx) => tx.enqueue(transcribe('long')));
      await vi.waitFor(() => expect(long.ran).toHaveLength(1), { timeout: 120_000 });

      const child = start({ ...place, enqueue: 'orphaned' });
      await child.said('running 1');
      await child.kill();

      const heir = await place.open();
      const inherited = watchedHandlers();
      await heir.queue.work(inherited.handlers, { concurrency: 1 });
      await vi.waitFor(() => expect(inherited.ran.length).toBeGreaterThan(0), {
        timeout: 40_000,
        interval: 50,
      });
      expect(inherited.ran).toEqual([{ job: transcribe('orphaned'), attempt: 1 }]);
      expect(long.ran).toEqual([{ job: transcribe('long'), attempt: 1 }]);
    },
  );
});
