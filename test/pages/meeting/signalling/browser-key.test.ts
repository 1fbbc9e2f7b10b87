import { expect, it } from 'vitest';
import { browserKey } from '../../../../src/pages/meeting/signalling/browser-key.ts';

const storage = (stored: Record<string, string> = {}) => ({
  getItem: (key: string) => stored[key] ?? null,
  setItem: (key: string, value: string) => {
    stored[key] = value;
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

it.each(['', 'short', 'G'.repeat(64)])('is replaced when it is “%s”', (text) => {
  const browser = storage({ 'parley-browser': text });
  const key = browserKey(() => browser);
  expect(key).toMatch(A_KEY);
  expect(browserKey(() => browser)).toBe(key);
});

it('exists in a browser without storage', () => {
  const unavailable = (): never => {
    throw new Error('no storage');
  };
  expect(browserKey(unavailable)).toMatch(A_KEY);
});
