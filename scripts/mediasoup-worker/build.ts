import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { installPackages, missingPackages } from './packages.ts';
import { recipeDir, runs } from './recipe.ts';
import { runTool } from './tool.ts';

/** A build takes about four minutes on two idle cores; ten times that on a busy machine is not a hang. */
const BUILD_LIMIT_MS = 45 * 60_000;
const PROGRESS_EVERY_MS = 15_000;

export type Built =
  | { readonly outcome: 'built' }
  /** Whole sentences: what happened and what to do. */
  | { readonly outcome: 'failed'; readonly why: string };

/** Builds the worker from mediasoup’s package to `bin`. The tools’ output is in `BIN.log` afterwards. */
export const buildWorker = async (options: {
  readonly packageDir: string;
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}): Promise<Built> => {
  const { bin, env, say, signal } = options;
  const buildDir = `${bin}.build`;
  const logFile = `${bin}.log`;
  const failed = (why: string): Built => ({ outcome: 'failed', why });

  const missing = await missingPackages(env);
  if (missing === null)
    return failed(
      'It can’t be downloaded, and Parley can build it only on Debian and its derivatives. ' +
        'Build it as described in mediasoup’s documentation, and set MEDIASOUP_WORKER_BIN to its path.',
    );
  mkdirSync(buildDir, { recursive: true });
  const output = createWriteStream(logFile);
  const line = (text: string): void => void output.write(`${text}\n`);
  try {
    if (missing.length > 0) {
      const command = `apt-get install ${missing.join(' ')}`;
      if (process.getuid?.() !== 0) {
        return failed(
          `It can’t be downloaded, and building it needs more packages. Run “${command}” as root.`,
        );
      }
      say(`installing ${missing.length} packages for building the media worker…`);
      if (!(await installPackages(missing, { env, signal, line }))) {
        return failed(`The packages for building it can’t be installed. Try “${command}” yourself.`);
      }
    }

    say('building the media worker for meetings (once, a few minutes)…');
    const progress = reportProgress(say);
    const tool = (command: string, ...args: readonly string[]) =>
      // At low priority, since Parley itself may run beside it.
      runTool('nice', ['-n', '10', command, ...args], {
        env,
        signal,
        limitMs: BUILD_LIMIT_MS,
        line: (text) => {
          line(text);
          progress(text);
        },
      });
    const source = path.join(options.packageDir, 'worker');
    const configured = await tool(
      'cmake',
      '-S',
      recipeDir,
      '-B',
      buildDir,
      '-G',
      'Ninja',
      `-DMEDIASOUP_WORKER_SRC=${source}`,
    );
    const compiled =
      configured.status === 0
        ? await tool('ninja', '-C', buildDir, '-j', String(availableParallelism()))
        : configured;
    const built = path.join(buildDir, 'mediasoup-worker');
    if (compiled.status !== 0 || !(await runs(built))) {
      // An interrupted build continues next time; a failed one is discarded.
      if (!signal?.aborted) rmSync(buildDir, { recursive: true, force: true });
      return failed(`Building it failed. Fix the problem that ${logFile} shows.`);
    }
    renameSync(built, bin);
    rmSync(buildDir, { recursive: true, force: true });
    return { outcome: 'built' };
  } finally {
    output.end();
    await finished(output);
  }
};

/** Reads ninja’s output, "[17/310] Building …", and reports progress now and then. */
const reportProgress = (say: (line: string) => void): ((line: string) => void) => {
  let reportedMs = performance.now();
  return (line) => {
    const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    if (total === undefined || performance.now() - reportedMs < PROGRESS_EVERY_MS) return;
    reportedMs = performance.now();
    say(`building the media worker, ${Math.floor((100 * Number(done)) / Number(total))}%…`);
  };
};
