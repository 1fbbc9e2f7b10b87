import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildOptions } from './child.ts';

export interface Child {
  readonly pid: number;
  /** Resolves when the child says so; rejects with what it complained of when it ends before. */
  said(line: string): Promise<void>;
  readonly exited: Promise<void>;
  /** As `kill -9`; resolves when it is dead. */
  kill(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

export const startChild = (options: ChildOptions): Child => {
  const child: ChildProcess = spawn(process.execPath, [CHILD, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let complaint = '';
  let dead = false;
  const tell = () => {
    for (const look of waiting) look();
  };
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    tell();
  });
  child.stderr!.on('data', (chunk) => {
    complaint += chunk;
  });
  const exited = once(child, 'close').then(() => {
    dead = true;
    tell();
  });
  return {
    pid: child.pid!,
    exited,
    said: (line) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (lines.includes(line)) resolve();
          else if (dead) reject(new Error(`the child ended before it said "${line}": ${complaint}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
