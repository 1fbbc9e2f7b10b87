import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');

export interface RunningProcess {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the first match in what it prints, past or to come. Rejects when it ends without one. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGTERM, and resolves once it has ended. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts one of the project's programs on this Node, with an environment that holds nothing of the machine's own settings. */
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
  // With its output read to the end, which may come after the news that it exited.
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
