import { expect, it } from 'vitest';
import { findChromium } from './browser.ts';

it('takes the Chromium that CHROMIUM_PATH names, and says when nothing is there', () => {
  expect(findChromium({ CHROMIUM_PATH: '/opt/c' }, (path) => path === '/opt/c')).toBe('/opt/c');
  expect(() => findChromium({ CHROMIUM_PATH: '/opt/c' }, (path) => path === '/usr/bin/chromium')).toThrow(
    'CHROMIUM_PATH names /opt/c, and nothing is there.',
  );
});

it('looks at Debian’s places, and says what to do when there is none', () => {
  expect(findChromium({}, (path) => path === '/usr/bin/chromium-browser')).toBe('/usr/bin/chromium-browser');
  expect(() => findChromium({}, () => false)).toThrow('apt-get install chromium');
});
