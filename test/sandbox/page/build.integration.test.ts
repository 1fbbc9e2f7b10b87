import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildWorkspacePage } from '../../../sandbox/page/build.ts';

let directory: string;
let built: number;
const build = () =>
  buildWorkspacePage({
    outputDir: path.join(directory, 'page'),
    log: {
      info: () => {
        built += 1;
      },
    },
  });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'parley-page-'));
  built = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

it('builds once for the same sources, and again when they have changed', async () => {
  const output = await build();
  expect(await readFile(path.join(output, 'index.html'), 'utf8')).toMatch(/src="\/assets\/index-.*\.js"/);
  await build();
  expect(built).toBe(1);
  await writeFile(path.join(output, 'sources.json'), '{"hash":"of other sources","outside":[]}');
  await build();
  expect(built).toBe(2);
});

it('leaves one complete page and nothing else when two builds run at once', async () => {
  const [output] = await Promise.all([build(), build()]);
  expect(await readdir(directory)).toEqual(['page']);
  expect(await readdir(output!)).toEqual(expect.arrayContaining(['assets', 'index.html', 'sources.json']));
});
