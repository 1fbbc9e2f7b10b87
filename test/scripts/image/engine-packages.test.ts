import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ENGINE_PACKAGES } from '../../../scripts/image/engine-packages.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

it('an image of the engine has the packages that it loads, and its models', () => {
  const files = [
    'sandbox/engine/main.ts',
    'sandbox/common/decode-audio.ts',
    ...globSync('sandbox/engine/local/**/*.ts', { cwd: root }),
  ];
  const loaded = files.flatMap((file) =>
    [...read(file).matchAll(/^import (?!type)[^;]*? from '([^.'][^']*)'/gm)]
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  const models = [...read('sandbox/engine/local/model-files.ts').matchAll(/folderOf\('([^']+)'\)/g)];
  const named = models.map(([, name = '']) => name);
  expect([...new Set([...loaded, ...named])].sort()).toEqual([...ENGINE_PACKAGES].sort());
});
