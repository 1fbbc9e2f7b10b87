import { expect, it, vi } from 'vitest';
import { keepScreenOn } from '../../../../src/pages/meeting/media/wake-lock.ts';
import { createObservable } from '../../../../src/pages/shared/observable.ts';

/** A browser that takes the lock away whenever the page is hidden. */
const openPage = ({ refuses = false } = {}) => {
  const held = new Set<{ release(): Promise<void> }>();
  const wakeLock = {
    async request(_type: 'screen') {
      if (refuses) throw new DOMException('battery', 'NotAllowedError');
      const sentinel = {
        released: false,
        async release() {
          sentinel.released = true;
          held.delete(sentinel);
        },
      };
      held.add(sentinel);
      return sentinel;
    },
  };
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const isNeeded = createObservable(false);
  const show = (visibilityState: 'visible' | 'hidden'): void => {
    Object.assign(page, { visibilityState });
    if (visibilityState === 'hidden') {
      for (const sentinel of held) void sentinel.release();
    }
    page.dispatchEvent(new Event('visibilitychange'));
  };
  keepScreenOn({ isNeeded, wakeLock, page });
  return { held, isNeeded, show };
};

it('the screen stays on in a meeting, also after the page was hidden, and no longer', async () => {
  const { held, isNeeded, show } = openPage();
  expect(held.size).toBe(0);
  isNeeded.set(true);
  await vi.waitFor(() => expect(held.size).toBe(1));
  show('hidden');
  expect(held.size).toBe(0);
  show('visible');
  show('visible');
  await vi.waitFor(() => expect(held.size).toBe(1));
  isNeeded.set(false);
  await vi.waitFor(() => expect(held.size).toBe(0));
});

it('a lock that comes after the meeting is given back', async () => {
  const { held, isNeeded } = openPage();
  isNeeded.set(true);
  isNeeded.set(false);
  await vi.waitFor(() => expect(held.size).toBe(0));
});

it('a browser that refuses, or has none, costs nothing', async () => {
  const { held, isNeeded } = openPage({ refuses: true });
  isNeeded.set(true);
  await Promise.resolve();
  expect(held.size).toBe(0);
  keepScreenOn({
    isNeeded,
    wakeLock: undefined,
    page: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
  });
});
