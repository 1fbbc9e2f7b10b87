import { cpSync } from 'node:fs';
import path from 'node:path';
import { openStorage } from '../../src/storage/index.ts';
import { temporaryDirectory } from './temporary.ts';

/** Where set-up leaves the database that every data directory begins with: creating one costs 5 s of processor time. */
const TEMPLATE = 'PARLEY_TEST_DATABASE';

/** Creates that database, for this process and those it starts. Resolves with what removes it. */
export const prepareDatabase = async (): Promise<() => void> => {
  const { directory, remove } = temporaryDirectory();
  const clock = { nowMs: () => Date.now() };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const storage = await openStorage({ dataDir: directory, clock, log });
  await storage.close();
  process.env[TEMPLATE] = directory;
  return remove;
};

/** Copies it to `directory`, which must not exist. Nothing where set-up has prepared none, as in bench. */
export const copyDatabase = (directory: string): void => {
  const template = process.env[TEMPLATE];
  if (template !== undefined) cpSync(template, directory, { recursive: true });
};

/** A new data directory, as Parley leaves it when nothing has happened yet, and a function that removes it. */
export const dataDirectory = (): { directory: string; remove: () => void } => {
  const created = temporaryDirectory();
  copyDatabase(path.join(created.directory, 'database'));
  return created;
};
