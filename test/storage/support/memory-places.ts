import { createVirtualClock } from '../../fakes/clock.ts';
import { createMemoryDatabase } from '../../fakes/memory-storage.ts';
import type { Places } from './places.ts';

/** Databases in memory, in virtual time. */
export const createMemoryPlaces = async (): Promise<Places> => {
  const clock = createVirtualClock();
  /** From timer to timer, and a little further when none is set. */
  const until: Places['until'] = async (isSo) => {
    for (let passedMs = 0; !(await isSo()); passedMs += 1) {
      if (passedMs > 100_000) throw new Error('still not so after 100 s of virtual time');
      await clock.advance(1);
    }
  };
  return {
    nowMs: () => clock.nowMs(),
    until,
    async passing(promise) {
      let isSettled = false;
      promise.then(
        () => (isSettled = true),
        () => (isSettled = true),
      );
      await until(() => isSettled);
      return promise;
    },
    create: async () => {
      const database = createMemoryDatabase(clock);
      return { databaseUrl: null, dataDir: '', open: async (options) => database.open(options) };
    },
    close: async () => {},
  };
};
