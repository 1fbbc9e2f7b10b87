import { expect, it } from 'vitest';
import { browserKey } from '../../../src/pages/meeting/browser-key.ts';

const storage = (kept: Record<string, string> = {}) => ({
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => {
    kept[key] = value;
  },
});
const A_KEY = /^[0-9a-f]{64}$/;

it('is the same for every page of a browser, and another in another', () => {
  const browser = storage();
  const key = browserKey(() => browser);
  expect(key).toMatch(A_KEY);
  expect(browserKey(() => browser)).toBe(key);
  expect(browserKey(() => storage())).not.toBe(key);
});

it.each(['', 'short', 'G'.repeat(64)])('is made anew instead of “%s”', (text) => {
  const browser = storage({ 'parley-browser': text });
  const key = browserKey(() => browser);
  expect(key).toMatch(A_KEY);
  expect(browserKey(() => browser)).toBe(key);
});

it('is had in a browser that keeps nothing', () => {
  const nothing = (): never => {
    throw new Error('nothing is kept');
  };
  expect(browserKey(nothing)).toMatch(A_KEY);
});
