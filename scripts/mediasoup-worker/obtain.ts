import path from 'node:path';
import type { Log } from '../../src/core/ports.ts';
import { buildWorker } from './build.ts';
import { exclusively } from './lock.ts';
import { downloadPrebuilt } from './prebuilt.ts';
import { cacheDir, mediasoupDir, runs, workerKey } from './recipe.ts';

/** Path of the worker, or a sentence for people: why there is none and what to do. */
export type Obtained = { readonly bin: string } | { readonly missing: string };

export interface ObtainOptions {
  /** Progress for people, in lower case. */
  readonly say: (line: string) => void;
  readonly log?: Log;
  /** `MEDIASOUP_WORKER_BIN`, `XDG_CACHE_HOME`, `HOME` and `PATH` matter; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** mediasoup’s package; the installed one by default. */
  readonly packageDir?: string;
  /** False: build without trying to download. */
  readonly download?: boolean;
  /** Cancels downloading, installing and building. A later call continues the build. */
  readonly signal?: AbortSignal;
}

/**
 * Finds, downloads or builds mediasoup’s worker, the process that routes media. In this order: the one named by
 * MEDIASOUP_WORKER_BIN, one that runs already (in mediasoup’s package, or in the cache), mediasoup’s prebuilt one, a
 * build of our own. Nothing is written into node_modules. Never throws.
 */
export const obtainWorker = async (options: ObtainOptions): Promise<Obtained> => {
  try {
    return await obtain(options);
  } catch (error) {
    options.log?.error({ err: error }, 'the media worker could not be obtained');
    const fault = error as NodeJS.ErrnoException;
    const detail = [fault.code, fault.path].filter(Boolean).join(' ');
    return {
      missing: sentence(`Looking for it failed${detail === '' ? '' : ` (${detail})`}. See Parley’s log.`),
    };
  }
};

const obtain = async (options: ObtainOptions): Promise<Obtained> => {
  const { say, signal, env = process.env, packageDir = mediasoupDir() } = options;
  const named = env.MEDIASOUP_WORKER_BIN;
  if (named) {
    if (await runs(named)) return { bin: named };
    return {
      missing: sentence(
        'MEDIASOUP_WORKER_BIN doesn’t name one that runs on this machine. Correct or remove it.',
      ),
    };
  }

  const installed = path.join(packageDir, 'worker/out/Release/mediasoup-worker');
  if (await runs(installed)) return { bin: installed };

  const cache = cacheDir(env);
  if (cache === null) {
    return { missing: sentence('There is no directory for it. Set XDG_CACHE_HOME to one.') };
  }
  const bin = path.join(cache, workerKey(packageDir));
  if (await runs(bin)) return { bin };

  const waiting = (): void => say('waiting for another process that obtains the media worker…');
  return await exclusively(cache, { waiting, signal }, async () => {
    // The process that held the lock may have obtained it.
    if (await runs(bin)) return { bin };
    if (options.download !== false) {
      say('downloading a prebuilt media worker…');
      if (await downloadPrebuilt({ packageDir, bin, env, signal })) return { bin };
    }
    const built = await buildWorker({ packageDir, bin, env, say, signal });
    if (built.outcome === 'built') {
      say('the media worker is built');
      return { bin };
    }
    options.log?.warn({ stopped: signal?.aborted ?? false }, 'the media worker could not be built');
    return { missing: sentence(built.why) };
  });
};

/** `why` is one or more whole sentences, with what to do. */
const sentence = (why: string): string =>
  `Meetings need the program mediasoup-worker, which is missing. ${why} Then restart Parley.`;
