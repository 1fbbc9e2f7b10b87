import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppError } from '../../src/core/error.ts';
import { lockDirectory } from '../../src/storage/directory-lock.ts';
import { openEmbedded } from '../../src/storage/embedded.ts';
import { openStorage } from '../../src/storage/index.ts';
import { clock, silent } from './support/places.ts';
import { startChild } from './support/processes.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-directory-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const sentenceOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as AppError).userMessage;
  }
  throw new Error('nothing was refused');
};

test('a second process on a data directory learns who has it, and opens it once that one was killed', async () => {
  const dataDir = join(root, 'shared');
  const child = startChild({ databaseUrl: null, dataDir });
  try {
    await child.said('open');
    const refused = openStorage({ dataDir, clock, log: silent });
    await expect(refused).rejects.toMatchObject({
      name: 'AppError',
      retryable: false,
      userMessage: expect.stringContaining(`in use by another instance of Parley, process ${child.pid}.`),
    });
  } finally {
    await child.kill();
  }
  const storage = await openStorage({ dataDir, clock, log: silent });
  expect(await storage.store.check()).toBe(true);
  await storage.close();
});

test('one process does not get a directory twice, until it gave it back', () => {
  const directory = join(root, 'twice');
  const lock = lockDirectory(directory);
  expect(sentenceOf(() => lockDirectory(directory))).toContain(`process ${process.pid}`);
  lock.release();
  lock.release();
  lockDirectory(directory).release();
});

test('a process id left behind by a dead process locks nothing, even when a living process has it now', async () => {
  const directory = join(root, 'stale');
  await mkdir(directory);
  await writeFile(join(directory, 'lock'), '');
  await writeFile(join(directory, 'holder.pid'), `${process.ppid}\n`);
  lockDirectory(directory).release();
});

test('a directory that cannot be made is named', async () => {
  const file = join(root, 'a-file');
  await writeFile(file, '');
  expect(sentenceOf(() => lockDirectory(join(file, 'data')))).toContain(join(file, 'data'));
});

test('a first start that was cut off in the middle is begun again', async () => {
  const dataDir = join(root, 'cut-off');
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
  await writeFile(join(dataDir, 'postgres.unfinished'), '');
  const storage = await openStorage({ dataDir, clock, log: silent });
  expect(await storage.store.check()).toBe(true);
  await storage.close();
});

test('a transaction of pg-boss that fails does not swallow the statements after it', async () => {
  const embedded = await openEmbedded(join(root, 'poisoned'), silent);
  const { forBoss, pool } = embedded;
  try {
    await pool.query('create table kept (id int)');
    await expect(
      forBoss.executeSql('begin; insert into kept values (1); select nonsense; commit;'),
    ).rejects.toThrow();
    await pool.query('insert into kept values (2)');
    expect((await forBoss.executeSql('begin; select id from kept; commit;')).rows).toEqual([{ id: 2 }]);
  } finally {
    await embedded.close();
  }
});
