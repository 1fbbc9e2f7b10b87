import { expect, it } from 'vitest';
import { storedResumeToken } from '../../../src/pages/meeting/resume-token.ts';

const storage = (kept: Record<string, string> = {}) => ({
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => {
    kept[key] = value;
  },
});

it('keeps a place for its own meeting only', () => {
  const tab = storage();
  storedResumeToken(() => tab, '/meet/a').set('token');
  expect(storedResumeToken(() => tab, '/meet/a').get()).toBe('token');
  expect(storedResumeToken(() => tab, '/meet/b').get()).toBeNull();
  storedResumeToken(() => tab, '/meet/a').set(null);
  expect(storedResumeToken(() => tab, '/meet/a').get()).toBeNull();
});

it.each(['{', 'null', '7', '["/meet/a",7]'])('passes over %s', (text) => {
  expect(storedResumeToken(() => storage({ 'parley-place': text }), '/meet/a').get()).toBeNull();
});

it('remembers in a browser that keeps nothing', () => {
  const place = storedResumeToken(() => {
    throw new Error('nothing is kept');
  }, '/meet/a');
  place.set('token');
  expect(place.get()).toBe('token');
});
