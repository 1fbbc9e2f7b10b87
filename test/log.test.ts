import { expect, it, vi } from 'vitest';
import { componentLog } from '../src/log.ts';

it('names its component in every line, and lets a line name its own', () => {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const media = componentLog(log, 'media');
  media.debug({ conversation: 'c1' }, 'one');
  media.info({}, 'two');
  media.warn({ component: 'worker' }, 'three');
  media.error({}, 'four');
  expect(log.debug).toHaveBeenCalledWith({ component: 'media', conversation: 'c1' }, 'one');
  expect(log.info).toHaveBeenCalledWith({ component: 'media' }, 'two');
  expect(log.warn).toHaveBeenCalledWith({ component: 'worker' }, 'three');
  expect(log.error).toHaveBeenCalledWith({ component: 'media' }, 'four');
});
