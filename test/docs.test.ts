import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('documentation', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const at = file === '' ? path.join(root, page) : path.join(root, path.dirname(page), file);
        return (
          !existsSync(at) || (anchor !== undefined && at.endsWith('.md') && !anchorsOf(at).includes(anchor))
        );
      });
    expect(broken).toEqual([]);
  });

  it('lists every decision in the index', () => {
    const index = readFileSync(path.join(root, 'docs/decisions/README.md'), 'utf8');
    const missing = pages
      .filter((page) => /^docs\/decisions\/\d/.test(page))
      .filter((page) => !index.includes(`](${path.basename(page)})`));
    expect(missing).toEqual([]);
  });
});
