import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');

export interface RunningProcess {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the first match in its output, past or future. Rejects when it ends without one. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGTERM, and resolves once it has ended. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts a program of this repository on this Node, with an environment of its own. */
export const startProcess = (
  script: string,
  args: readonly string[],
  env: Record<string, string>,
): RunningProcess => {
  const child = spawn(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const watchers = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  // Once its output is read to the end, which may be after its exit.
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isRunning(child)) child.kill(signal);
    await ended;
  };

  return {
    pid: child.pid ?? -1,
    output: () => output,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): boolean => {
          const match = pattern.exec(output);
          if (match === null) return false;
          watchers.delete(look);
          resolve(match);
          return true;
        };
        if (look()) return;
        watchers.add(look);
        void ended.then(({ code, signal }) => {
          if (look()) return;
          reject(new Error(`${script} ended (${signal ?? code}) before it printed ${pattern}:\n${output}`));
        });
      }),
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
};

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;
