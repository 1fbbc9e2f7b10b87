import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** Prints its process id, and handles SIGTERM by exiting with 7 where `handles` is set. */
const program = (handles: boolean): string =>
  `${handles ? "process.on('SIGTERM', () => process.exit(7));" : ''} setInterval(() => {}, 1000); console.log('pid ' + process.pid);`;

const start = (source: string, nodeArgs: readonly string[] = []) => {
  const child = spawn(process.execPath, [...nodeArgs, 'scripts/run.cjs', '--quiet', '-e', source], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const programPid = once(child.stdout, 'data').then(([text]) => Number(/pid (\d+)/.exec(String(text))?.[1]));
  return { child, ended, programPid };
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a signal to the launcher', () => {
  let directory: string;
  let remove: () => void;
  beforeAll(() => {
    ({ directory, remove } = temporaryDirectory());
  });
  afterAll(() => remove());

  it('ends a program that handles none, and the exit status says by which', async () => {
    const { child, ended, programPid } = start(program(false));
    const pid = await programPid;
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(isRunning(pid)).toBe(false);
  });

  it('leaves the exit code to a program that handles it', async () => {
    const { child, ended, programPid } = start(program(true));
    await programPid;
    child.kill('SIGTERM');
    expect(await ended).toEqual([7, null]);
  });

  it('ends the program also when it arrives while that is being started', async () => {
    const preload = path.join(directory, 'signal-at-spawn.cjs');
    const pidFile = path.join(directory, 'pid');
    writeFileSync(
      preload,
      `const childProcess = require('node:child_process');
       const { spawn } = childProcess;
       childProcess.spawn = (...args) => {
         const child = spawn(...args);
         require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
         process.kill(process.pid, 'SIGTERM');
         return child;
       };`,
    );
    const { ended } = start(program(false), ['--require', preload]);
    expect(await ended).toEqual([null, 'SIGTERM']);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await until(() => !isRunning(pid));
  });
});
