import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../../src/core/ports.ts';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { lockDirectory } from '../../src/storage/directory-lock.ts';
import { toStorageError } from '../../src/storage/errors.ts';
import { root, startProcess } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { silent } from './support/places.ts';

/** The embedded database's thread: how it ends, wanted or not. */

const OPEN_AND_CLOSE = new URL('./support/open-and-close.ts', import.meta.url);
const KILLED_THREADS = new URL('./support/killed-threads.ts', import.meta.url);

let place: ReturnType<typeof temporaryDirectory>;
/** Of this process: the one that makes the database, and the one that has it. */
let threads: Worker[];
const noteThread = (message: unknown): void => {
  threads.push((message as { worker: Worker }).worker);
};
beforeEach(() => {
  place = temporaryDirectory();
  threads = [];
  subscribe('worker_threads', noteThread);
});
afterEach(() => {
  unsubscribe('worker_threads', noteThread);
  place.remove();
});

const open = (log: Log = silent): Promise<Database> =>
  openDatabase({ databaseUrl: null, dataDir: place.directory, log });
const kept = async ({ db }: Database): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`select id from kept order by id`.execute(db);
  return rows.map(({ id }) => id);
};
const ENDLESS = sql`select count(*) from generate_series(1, 1000000000000)`;
const GONE = {
  userMessage: expect.stringContaining('Parley can’t reach its database right now.'),
  retryable: true,
};

test('when the thread dies, what runs and what waits fails, the log says so, and what was stored is there at the next start', async () => {
  const errors: string[] = [];
  const database = await open({ ...silent, error: (_fields, message) => void errors.push(message) });
  await sql`create table kept (id int)`.execute(database.db);
  await sql`insert into kept values (1)`.execute(database.db);
  const began = Promise.withResolvers<void>();
  const asked = [
    database.db.transaction().execute(async (trx) => {
      await sql`insert into kept values (2)`.execute(trx);
      began.resolve();
      await ENDLESS.execute(trx);
    }),
    ...[3, 4].map((id) => sql`insert into kept values (${id})`.execute(database.db)),
  ].map((answer) => answer.then(() => 'done', toStorageError));

  await began.promise;
  await threads.at(-1)?.terminate();

  for (const outcome of await Promise.all(asked)) expect(outcome).toMatchObject(GONE);
  expect((await database.lost).userMessage).toContain('start Parley again');
  expect(errors).toEqual(['the thread of the embedded database ended']);
  expect(await kept(database).catch(toStorageError)).toMatchObject(GONE);
  await database.close();

  const again = await open();
  expect(await kept(again)).toEqual([1]);
  await again.close();
});

test('closing waits for the transaction that runs, ends the thread, and may be asked for twice', async () => {
  const database = await open();
  await sql`create table kept (id int)`.execute(database.db);
  const began = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<void>();
  const running = database.db.transaction().execute(async (trx) => {
    await sql`insert into kept values (1)`.execute(trx);
    began.resolve();
    await closing.promise;
    await sql`insert into kept values (2)`.execute(trx);
  });
  await began.promise;
  const closes = [database.close(), database.close()];
  closing.resolve();
  await running;
  await Promise.all(closes);
  await database.close();
  // A thread that has ended has no number any more.
  expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1]);

  const again = await open();
  expect(await kept(again)).toEqual([1, 2]);
  await again.close();
});

test('a thread that dies while it is being closed does not hold the closing up', async () => {
  const database = await open();
  const running = ENDLESS.execute(database.db).catch(toStorageError);
  const closed = database.close();
  await threads.at(-1)?.terminate();
  expect(await running).toMatchObject(GONE);
  await closed;
  lockDirectory(place.directory).release();
});

test('a database that does not open is refused with a sentence, and the directory is free again', async () => {
  mkdirSync(join(place.directory, 'postgres'));
  writeFileSync(join(place.directory, 'postgres', 'PG_VERSION'), 'not a version\n');
  await expect(open()).rejects.toMatchObject({
    userMessage: `Parley can’t open the database in its data directory ${place.directory}.`,
    cause: expect.any(Error),
  });
  lockDirectory(place.directory).release();
});

test('a process that closed its database has nothing left to wait for', async () => {
  const process = startProcess(relative(root, fileURLToPath(OPEN_AND_CLOSE)), [place.directory], {});
  expect(await process.ended).toEqual({ code: 0, signal: null });
});

test('Parley ends with a sentence when its database has died, and goes on at the next start', async () => {
  const start = () =>
    startProcess('src/main.ts', [], {
      DATA_DIR: place.directory,
      PORT: '0',
      WORKSPACE_PORT: '0',
      NODE_OPTIONS: `--import=${KILLED_THREADS.href}`,
    });
  const first = start();
  const second = first.until(/Parley is ready: \S+/).then(async () => {
    process.kill(first.pid, 'SIGUSR2');
    expect(await first.ended).toEqual({ code: 1, signal: null });
    expect(first.output()).toContain('Parley’s database has failed.');
    return start();
  });
  try {
    await (await second).until(/Parley is ready: \S+/);
  } finally {
    await first.kill();
    await (await second).stop();
  }
});
