import { expect, it } from 'vitest';
import { createResumeTokenStore } from '../../../../src/pages/meeting/signalling/resume-token.ts';

const storage = (stored: Record<string, string> = {}) => ({
  getItem: (key: string) => stored[key] ?? null,
  setItem: (key: string, value: string) => {
    stored[key] = value;
  },
});

it('stores the token for its own meeting only', () => {
  const tab = storage();
  createResumeTokenStore(() => tab, '/meet/a').set('token');
  expect(createResumeTokenStore(() => tab, '/meet/a').get()).toBe('token');
  expect(createResumeTokenStore(() => tab, '/meet/b').get()).toBeNull();
  createResumeTokenStore(() => tab, '/meet/a').set(null);
  expect(createResumeTokenStore(() => tab, '/meet/a').get()).toBeNull();
});

it.each(['{', 'null', '7', '["/meet/a",7]'])('ignores %s', (text) => {
  expect(createResumeTokenStore(() => storage({ 'parley-place': text }), '/meet/a').get()).toBeNull();
});

it('keeps the token in memory in a browser without storage', () => {
  const store = createResumeTokenStore(() => {
    throw new Error('no storage');
  }, '/meet/a');
  store.set('token');
  expect(store.get()).toBe('token');
});
