import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { runTool } from './tool.ts';

/** The directory of CMakeLists.txt. */
export const recipeDir = import.meta.dirname;

const RECIPE_FILES = ['CMakeLists.txt', 'shim/srtp.h', 'shim/ankerl/unordered_dense.h'] as const;

/** The installed mediasoup package. By `require`: vitest’s set-up has no `import.meta.resolve`. */
export const mediasoupDir = (): string =>
  path.join(path.dirname(createRequire(import.meta.url).resolve('mediasoup')), '../..');

/** Identifies a worker by what it depends on: mediasoup’s version, platform, architecture and this recipe. */
export const workerKey = (packageDir: string): string => {
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const recipe = createHash('sha256');
  for (const file of RECIPE_FILES) recipe.update(readFileSync(path.join(recipeDir, file)));
  return `${version}-${process.platform}-${process.arch}-${recipe.digest('hex').slice(0, 12)}`;
};

/**
 * The cache of workers: the user’s, so that a new clone or a new `node_modules` does not build again; else one in the
 * project. Null when neither is writable.
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
 * Whether `bin` is a worker that runs on this machine. Started without a version, a worker exits at once with status
 * 41; without a library, or for another architecture, it exits with another.
 */
export const runs = async (bin: string): Promise<boolean> => {
  const { status } = await runTool(bin, [], { env: {}, limitMs: 5_000 });
  return status === 41;
};
