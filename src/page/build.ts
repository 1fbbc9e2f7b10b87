import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Log } from '../core/ports.ts';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const ROOT = path.resolve(SOURCES, '../..');
/** The page takes types from here; a change of the wire is a change of the page. */
const WIRE = ['src/media/signalling/messages.ts', 'src/media/trial/messages.ts'].map((file) =>
  path.join(ROOT, file),
);
const STAMP = 'sources.sha256';

export interface BuildMeetingPageOptions {
  readonly log: Pick<Log, 'info'>;
  /** Default `dist/meeting-page` of the repository. */
  readonly outputDir?: string;
}

/**
 * Builds the meeting page when its sources, or the packages it is made with, changed since the last build. Returns
 * the absolute path of the directory with `index.html` (to be given at `/meet/TOKEN`) and what it loads (to be given
 * under `/meeting-page/`). Throws what Vite throws when a source is wrong.
 */
export async function buildMeetingPage({
  log,
  outputDir = path.join(ROOT, 'dist', 'meeting-page'),
}: BuildMeetingPageOptions): Promise<string> {
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
    const scriptsGzipBytes = await compressedScripts(aside);
    await moveIntoPlace(aside, outputDir);
    const elapsedMs = Math.round(performance.now() - startedMs);
    log.info({ elapsedMs, scriptsGzipBytes }, 'built the meeting page');
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return outputDir;
}

/** What a browser loads before anybody can join, compressed as a server would. */
async function compressedScripts(directory: string): Promise<number> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.js'));
  const scripts = await Promise.all(names.map((name) => readFile(path.join(directory, name))));
  return scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
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
  for (const file of [...files.sort(), ...WIRE, path.join(ROOT, 'package-lock.json')]) {
    hash
      .update(path.relative(ROOT, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}
