import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { runTool } from './tool.ts';

/** The folder of CMakeLists.txt. */
export const recipeDir = import.meta.dirname;

const RECIPE_FILES = ['CMakeLists.txt', 'shim/srtp.h', 'shim/ankerl/unordered_dense.h'] as const;

/** The folder of the installed mediasoup package. By `require`, since vitest's set-up has no `import.meta.resolve`. */
export const mediasoupDir = (): string =>
  path.join(path.dirname(createRequire(import.meta.url).resolve('mediasoup')), '../..');

/** Names a worker by all that it depends on: mediasoup's version, the machine's kind, and this recipe. */
export const workerKey = (packageDir: string): string => {
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const recipe = createHash('sha256');
  for (const file of RECIPE_FILES) recipe.update(readFileSync(path.join(recipeDir, file)));
  return `${version}-${process.platform}-${process.arch}-${recipe.digest('hex').slice(0, 12)}`;
};

/**
 * Where workers are kept: the user's cache, so that a new clone or a new `node_modules` does not build again; in
 * the project where there is no home to write to. Null when neither can be written.
 */
export const cacheDir = (env: NodeJS.ProcessEnv): string | null => {
  const places = [
    path.join(env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), '.cache'), 'parley/mediasoup-worker'),
    path.join(recipeDir, '../../.cache/mediasoup-worker'),
  ];
  return places.find(writable) ?? null;
};

const writable = (directory: string): boolean => {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Whether `bin` is a worker that this machine can run. Started without the version that mediasoup tells it, a
 * worker ends at once with status 41; one that misses a library, or is of another machine, ends otherwise.
 */
export const runs = async (bin: string): Promise<boolean> => {
  const { status } = await runTool(bin, [], { env: {}, limitMs: 5_000 });
  return status === 41;
};
