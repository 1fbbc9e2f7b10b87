import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildMeetingPage } from '../../src/pages/build.ts';
import { temporaryDirectory } from '../../test/support/temporary.ts';

/** Bytes of JavaScript that a browser loads for a meeting, compressed, from a build made for it. */
export const scriptsOfPage = async (): Promise<number> => {
  const { directory, remove } = temporaryDirectory();
  try {
    const built = await buildMeetingPage({ log: { info() {} }, outputDir: path.join(directory, 'page') });
    const names = (await readdir(built, { recursive: true })).filter((name) => name.endsWith('.js'));
    const reached = new Set<string>();
    // Whatever is named is loaded, now or later; what only another page names is not.
    const follow = async (file: string): Promise<void> => {
      const text = await readFile(path.join(built, file), 'utf8');
      for (const name of names) {
        if (reached.has(name) || !text.includes(path.basename(name))) continue;
        reached.add(name);
        await follow(name);
      }
    };
    await follow('meeting.html');
    if (reached.size === 0) throw new Error('the page loads no script');
    const scripts = await Promise.all([...reached].map((name) => readFile(path.join(built, name))));
    return scripts.reduce((total, script) => total + gzipSync(script).length, 0);
  } finally {
    remove();
  }
};
