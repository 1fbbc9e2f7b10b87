import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../src/core/ports.ts';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const ROOT = path.resolve(SOURCES, '../..');
/** What the page is built from besides its own directory. */
const SHARED = [path.join(ROOT, 'sandbox/phones/audio/mulaw.ts'), path.join(ROOT, 'package-lock.json')];
const STAMP = 'sources.sha256';

export interface BuildPageOptions {
  readonly log: Pick<Log, 'info'>;
  /** Default `dist/workspace-page` of the repository. */
  readonly outputDir?: string;
}

/**
 * Builds the workspace's page when its sources, or the packages it is made with, changed since the last build.
 * Returns the absolute path of the directory with `index.html`; throws what Vite throws when a source is wrong.
 */
export async function buildPage({
  log,
  outputDir = path.join(ROOT, 'dist', 'workspace-page'),
}: BuildPageOptions): Promise<string> {
  const wanted = await hashOfSources();
  if ((await stampOf(outputDir)) === wanted) return outputDir;
  const startedMs = performance.now();
  // Vite is imported only when there is something to build: a warm start does not pay for loading it.
  const [{ build }, { default: config }] = await Promise.all([import('vite'), import('./vite.config.ts')]);
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
    await moveIntoPlace(aside, outputDir);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  log.info({ elapsedMs: Math.round(performance.now() - startedMs) }, 'built the workspace page');
  return outputDir;
}

async function moveIntoPlace(aside: string, outputDir: string): Promise<void> {
  const old = `${aside}-old`;
  await mkdir(path.dirname(outputDir), { recursive: true });
  await rename(outputDir, old).catch(ignore('ENOENT'));
  // Another process may have put its own build there in between; both were made from the same sources.
  await rename(aside, outputDir).catch(ignore('ENOTEMPTY', 'EEXIST'));
  await rm(old, { recursive: true, force: true });
}

const ignore =
  (...codes: string[]) =>
  (error: NodeJS.ErrnoException): void => {
    if (!codes.includes(error.code ?? '')) throw error;
  };

async function stampOf(directory: string): Promise<string | null> {
  return readFile(path.join(directory, STAMP), 'utf8').catch(() => null);
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(SOURCES, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of [...files.sort(), ...SHARED]) {
    hash
      .update(path.relative(ROOT, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}
