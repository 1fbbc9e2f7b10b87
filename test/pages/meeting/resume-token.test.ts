import { expect, it } from 'vitest';
import { keptPlace } from '../../../src/pages/meeting/resume-token.ts';

const storage = (kept: Record<string, string> = {}) => ({
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => {
    kept[key] = value;
  },
});

it('keeps a place for its own meeting only', () => {
  const tab = storage();
  keptPlace(() => tab, '/meet/a').set('token');
  expect(keptPlace(() => tab, '/meet/a').get()).toBe('token');
  expect(keptPlace(() => tab, '/meet/b').get()).toBeNull();
  keptPlace(() => tab, '/meet/a').set(null);
  expect(keptPlace(() => tab, '/meet/a').get()).toBeNull();
});

it.each(['{', 'null', '7', '["/meet/a",7]'])('passes over %s', (text) => {
  expect(keptPlace(() => storage({ 'parley-place': text }), '/meet/a').get()).toBeNull();
});

it('remembers in a browser that keeps nothing', () => {
  const place = keptPlace(() => {
    throw new Error('nothing is kept');
  }, '/meet/a');
  place.set('token');
  expect(place.get()).toBe('token');
});
