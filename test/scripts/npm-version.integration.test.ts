import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);

/** A clone without packages, started where `npm --version` prints this. */
const startWithNpm = (version: string) => {
  mkdirSync(path.join(directory, 'scripts'), { recursive: true });
  copyFileSync(path.join(root, 'scripts/run.cjs'), path.join(directory, 'scripts/run.cjs'));
  writeFileSync(path.join(directory, 'package-lock.json'), '{}');
  const npm = path.join(directory, 'npm');
  writeFileSync(npm, `#!/bin/sh\n[ "$1" = --version ] && echo ${version}\n[ "$1" = --version ]\n`);
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${directory}:${process.env.PATH}` };
  return spawnSync(process.execPath, ['scripts/run.cjs', 'src/main.ts'], {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
};

it.each(['7.24.0', '9.2.0'])('npm %s is too old, and the starter says what to do', (version) => {
  const { status, stderr } = startWithNpm(version);
  expect(status).toBe(1);
  expect(stderr).toContain(`Parley needs npm 10 or newer to install its packages; this is npm ${version}.`);
  expect(stderr).toContain('npm install --global npm@11');
});

it.each(['10.8.2', '11.19.1'])('npm %s installs the packages', (version) => {
  expect(startWithNpm(version).stderr).toContain('Parley: installing its packages');
});
