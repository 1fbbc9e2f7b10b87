import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadOrCreateSecret, secretIn } from '../src/secret.ts';
import { temporaryDirectory } from './support/temporary.ts';

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

it('a data directory has one secret, from its first use on', () => {
  const where = path.join(directory.directory, 'new');
  expect(secretIn(where)).toBeNull();
  const secret = loadOrCreateSecret(where);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(loadOrCreateSecret(where)).toBe(secret);
  expect(secretIn(where)).toBe(secret);
});

it.each(['', '\n', 'abc'])(
  'a secret that a full disk cut short (%j) is made anew: nothing was signed with it',
  (left) => {
    writeFileSync(path.join(directory.directory, 'secret'), left);
    expect(secretIn(directory.directory)).toBeNull();
    const secret = loadOrCreateSecret(directory.directory);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(secretIn(directory.directory)).toBe(secret);
  },
);
