import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildMeetingPage } from '../../src/pages/build.ts';

let directory: string;
let built: { scriptsGzipBytes?: number }[];
const build = () =>
  buildMeetingPage({
    outputDir: path.join(directory, 'page'),
    log: { info: (fields) => void built.push(fields) },
  });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'parley-meeting-page-'));
  built = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('builds once for the same sources, and again when they have changed', async () => {
  const output = await build();
  await build();
  expect(built).toHaveLength(1);
  await writeFile(path.join(output, 'sources.json'), '{"hash":"of other sources","outside":[]}');
  await build();
  expect(built).toHaveLength(2);
});

it('knows what it has built in from elsewhere in the repository', async () => {
  const { outside } = JSON.parse(await readFile(path.join(await build(), 'sources.json'), 'utf8'));
  expect(outside).toContain('src/core/meeting/capture.ts');
});

it('builds whole pages when two builds run at once, small, and without inline scripts', async () => {
  const [output] = await Promise.all([build(), build()]);
  expect(await readdir(directory)).toEqual(['page']);
  const html = await readFile(path.join(output!, 'meeting.html'), 'utf8');
  expect(html).toMatch(/src="\/meeting-page\/assets\/meeting-.*\.js"/);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/);
  // Some 3 kB more than a production build, since NODE_ENV is `test` here.
  for (const { scriptsGzipBytes } of built) expect(scriptsGzipBytes).toBeLessThan(75_000);
});
