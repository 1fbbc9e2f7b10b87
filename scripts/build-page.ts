import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { UserConfig } from 'vite';
import type { Log } from '../src/core/ports.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A change of these is a change of every page. */
const OF_ALL = ['scripts/build-page.ts', 'package-lock.json'];
const STAMP = 'sources.sha256';

/** A page that Vite makes of its sources. Paths are of the repository. */
export interface Page {
  /** In the log, and in `dist/`. */
  readonly name: string;
  /** Every file in it is a source of the page. */
  readonly directory: string;
  /** Sources that lie elsewhere. */
  readonly besides: readonly string[];
  readonly config: () => Promise<{ readonly default: UserConfig }>;
}

export interface BuildOptions {
  readonly log: Pick<Log, 'info'>;
  /** Default `dist/NAME` of the repository. */
  readonly outputDir?: string;
}

/**
 * Builds the page when its sources, or the packages it is made with, changed since the last build. Returns the
 * absolute path of the directory with what was built. Throws what Vite throws when a source is wrong.
 */
export const buildPage = async (
  page: Page,
  { log, outputDir = path.join(ROOT, 'dist', page.name) }: BuildOptions,
): Promise<string> => {
  const wanted = await hashOfSources(page);
  if ((await stampOf(outputDir)) === wanted) return outputDir;
  const startedMs = performance.now();
  // Vite is imported only when there is something to build: a warm start does not pay for loading it.
  const [{ build }, { default: config }] = await Promise.all([import('vite'), page.config()]);
  // Built aside and moved into place, because two processes may build at once and neither may serve half a page.
  const aside = `${outputDir}-${process.pid}-${randomUUID()}`;
  try {
    await build({
      ...config,
      configFile: false,
      mode: 'production',
      logLevel: 'warn',
      build: { ...config.build, outDir: aside },
    });
    await writeFile(path.join(aside, STAMP), wanted);
    const scriptsGzipBytes = await compressedScripts(aside);
    await moveIntoPlace(aside, outputDir);
    const elapsedMs = Math.round(performance.now() - startedMs);
    log.info({ page: page.name, elapsedMs, scriptsGzipBytes }, 'built a page');
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return outputDir;
};

/** What a browser loads before anybody can do something, compressed as a server would. */
const compressedScripts = async (directory: string): Promise<number> => {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.js'));
  const scripts = await Promise.all(names.map((name) => readFile(path.join(directory, name))));
  return scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
};

const moveIntoPlace = async (aside: string, outputDir: string): Promise<void> => {
  const old = `${aside}-old`;
  await mkdir(path.dirname(outputDir), { recursive: true });
  await rename(outputDir, old).catch(ignore('ENOENT'));
  // Another process may have put its own build there in between; both were made from the same sources.
  await rename(aside, outputDir).catch(ignore('ENOTEMPTY', 'EEXIST'));
  await rm(old, { recursive: true, force: true });
};

const ignore =
  (...codes: string[]) =>
  (error: NodeJS.ErrnoException): void => {
    if (!codes.includes(error.code ?? '')) throw error;
  };

const stampOf = (directory: string): Promise<string | null> =>
  readFile(path.join(directory, STAMP), 'utf8').catch(() => null);

const hashOfSources = async ({ directory, besides }: Page): Promise<string> => {
  const hash = createHash('sha256');
  const entries = await readdir(path.join(ROOT, directory), { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  for (const file of [...own.sort(), ...besides, ...OF_ALL]) {
    hash
      .update(file)
      .update('\0')
      .update(await readFile(path.join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
};
