import { afterAll, beforeAll } from 'vitest';
import { openStorage, type Storage } from '../../../src/storage/index.ts';
import { silentLog } from '../../media/support.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** The real database, embedded, for one file of tests; there from its first test on. */
export const storageOfFile = (): (() => Storage) => {
  const { directory, remove } = temporaryDirectory();
  let storage: Storage;
  beforeAll(async () => {
    storage = await openStorage({ dataDir: directory, clock: { nowMs: Date.now }, log: silentLog });
  });
  afterAll(async () => {
    await storage.queue.stop(0);
    await storage.close();
    remove();
  });
  return () => storage;
};
