import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { UserConfig } from 'vite';
import { z } from 'zod';
import type { Log } from '../src/core/ports.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Sources of every page. */
const COMMON_SOURCES = ['scripts/build-page.ts', 'package-lock.json'];
/** Beside the built page: the hash of its sources, and which of them are outside of its directory. */
const STAMP = 'sources.json';
const stampSchema = z.object({ hash: z.string(), outside: z.array(z.string()) });

/** A page that Vite builds. Paths are relative to the repository. */
export interface Page {
  /** Its name in the log and in `dist/`. */
  readonly name: string;
  /** All files in it are sources, and what they import from elsewhere in the repository. */
  readonly directory: string;
  readonly config: () => Promise<{ readonly default: UserConfig }>;
}

export interface BuildOptions {
  readonly log: Pick<Log, 'info'>;
  /** Default `dist/NAME` of the repository. */
  readonly outputDir?: string;
}

/**
 * Builds the page when its sources, or the packages, have changed since the last build. Resolves with the absolute path
 * of the built page's directory.
 * @throws Vite's error when a source is wrong
 */
export const buildPage = async (
  page: Page,
  { log, outputDir = path.join(ROOT, 'dist', page.name) }: BuildOptions,
): Promise<string> => {
  if (await isCurrent(page, outputDir)) return outputDir;
  const startedMs = performance.now();
  // Vite is loaded only when there is something to build, to keep other starts fast.
  const [{ build }, { default: config }] = await Promise.all([import('vite'), page.config()]);
  // Built aside and then moved: two processes may build at once, and neither may serve an incomplete page.
  const aside = `${outputDir}-${process.pid}-${randomUUID()}`;
  try {
    const built = await build({
      ...config,
      configFile: false,
      mode: 'production',
      logLevel: 'warn',
      build: { ...config.build, outDir: aside },
    });
    const outside = outsideSources(page, built);
    const stamp: z.infer<typeof stampSchema> = { hash: await hashSources(page, outside), outside };
    await writeFile(path.join(aside, STAMP), JSON.stringify(stamp));
    const scriptsGzipBytes = await gzippedScriptBytes(aside);
    await moveIntoPlace(aside, outputDir);
    const elapsedMs = Math.round(performance.now() - startedMs);
    log.info({ page: page.name, elapsedMs, scriptsGzipBytes }, 'page built');
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return outputDir;
};

/** Bytes that a browser downloads before the page works. */
const gzippedScriptBytes = async (directory: string): Promise<number> => {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.js'));
  const scripts = await Promise.all(names.map((name) => readFile(path.join(directory, name))));
  return scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
};

const moveIntoPlace = async (aside: string, outputDir: string): Promise<void> => {
  const old = `${aside}-old`;
  await mkdir(path.dirname(outputDir), { recursive: true });
  await rename(outputDir, old).catch(ignore('ENOENT'));
  // Another process may have moved its build of the same sources there first.
  await rename(aside, outputDir).catch(ignore('ENOTEMPTY', 'EEXIST'));
  await rm(old, { recursive: true, force: true });
};

const ignore =
  (...codes: string[]) =>
  (error: NodeJS.ErrnoException): void => {
    if (!codes.includes(error.code ?? '')) throw error;
  };

const isCurrent = async (page: Page, outputDir: string): Promise<boolean> => {
  try {
    const stamp = stampSchema.parse(JSON.parse(await readFile(path.join(outputDir, STAMP), 'utf8')));
    return (await hashSources(page, stamp.outside)) === stamp.hash;
  } catch {
    // Nothing is built, or a source is gone.
    return false;
  }
};

/** What was built in from elsewhere in the repository. Packages have the lock file for it. */
const outsideSources = (
  { directory }: Page,
  built: Awaited<ReturnType<typeof import('vite').build>>,
): string[] =>
  [built]
    .flat()
    .flatMap((result) => ('output' in result ? result.output : []))
    .flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
    .filter((id) => path.isAbsolute(id) && !id.includes('/node_modules/'))
    .map((id) => path.relative(ROOT, id.replace(/\?.*$/, '')))
    .filter((file) => !file.startsWith('..') && !file.startsWith(`${directory}/`))
    .sort();

const hashSources = async ({ directory }: Page, outside: readonly string[]): Promise<string> => {
  const hash = createHash('sha256');
  const entries = await readdir(path.join(ROOT, directory), { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  for (const file of [...own.sort(), ...outside, ...COMMON_SOURCES]) {
    hash
      .update(file)
      .update('\0')
      .update(await readFile(path.join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
};
