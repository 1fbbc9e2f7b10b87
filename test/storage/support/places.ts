import { join } from 'node:path';
import type { Log } from '../../../src/core/ports.ts';
import { openStorage, type Storage } from '../../../src/storage/index.ts';
import { copyDatabase } from '../../support/data-directory.ts';
import { startPostgres } from '../../support/postgres.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

export type Size = 'embedded' | 'server';
export const SIZES: readonly Size[] = ['embedded', 'server'];

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
export const clock = { nowMs: () => Date.now() };

/** One database, without rows at first, that storages can be opened on and closed again. */
export interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  open(options?: { retryDelaysMs?: readonly number[]; log?: Log }): Promise<Storage>;
}

/** Where the databases of one size come from. Closing it closes every storage that was opened on them. */
export interface Places {
  create(): Promise<Place>;
  close(): Promise<void>;
  /** Milliseconds since any moment, in the time that these databases live in. */
  nowMs(): number;
  /** Lets time pass until it is so. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets time pass until the promise settles. */
  passing<T>(promise: Promise<T>): Promise<T>;
}

/** @param tables false: the databases have no tables at first, not even those of Parley */
export const createPlaces = async (size: Size, { tables = true } = {}): Promise<Places> => {
  const { directory: root, remove } = temporaryDirectory();
  const server = size === 'server' ? await startPostgres() : null;
  const opened: Storage[] = [];
  let count = 0;
  return {
    nowMs: () => performance.now(),
    until: async (isSo) => void (await until(isSo, { everyMs: 10 })),
    passing: (promise) => promise,
    create: async () => {
      count += 1;
      const name = `place_${count}`;
      await server?.createDatabase(name);
      const databaseUrl = server === null ? null : server.urlOf(name);
      const dataDir = join(root, name);
      if (server === null && tables) copyDatabase(dataDir);
      return {
        databaseUrl,
        dataDir,
        open: async ({ retryDelaysMs, log = silent } = {}) => {
          const storage = await openStorage({
            databaseUrl,
            dataDir,
            clock,
            log,
            ...(retryDelaysMs === undefined ? {} : { jobs: { retryDelaysMs } }),
          });
          opened.push(storage);
          return storage;
        },
      };
    },
    close: async () => {
      for (const storage of opened) {
        await storage.queue.stop(0);
        await storage.close();
      }
      await server?.close();
      remove();
    },
  };
};
