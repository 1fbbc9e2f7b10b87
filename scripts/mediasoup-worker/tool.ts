import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Exit status; null when the program could not be started or was killed. */
export interface Ended {
  readonly status: number | null;
}

export interface ToolOptions {
  readonly cwd?: string;
  /** The whole environment of the program. */
  readonly env: NodeJS.ProcessEnv;
  /** After this long it is killed. */
  readonly limitMs: number;
  /** Kills it too. */
  readonly signal?: AbortSignal | undefined;
  /** Receives each line of both streams; without it they are discarded. */
  readonly line?: (line: string) => void;
}

/** Runs a program to its end. Never throws: a missing program has the status null. */
export const runTool = (command: string, args: readonly string[], options: ToolOptions): Promise<Ended> =>
  new Promise((resolve) => {
    const { line } = options;
    const output = line === undefined ? 'ignore' : 'pipe';
    const limit = AbortSignal.timeout(options.limitMs);
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', output, output],
      killSignal: 'SIGKILL',
      signal: options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]),
    });
    if (line !== undefined) {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null) createInterface(stream).on('line', line);
      }
    }
    // `error` may occur with or without `close`, so both settle.
    child.on('error', () => resolve({ status: null }));
    child.on('close', (status) => resolve({ status }));
  });
