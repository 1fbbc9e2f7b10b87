import type { Observable } from '../../shared/observable.ts';
import type { PageVisibility } from './interruption.ts';

/** As much of the browser's interface as is used. */
interface ScreenLock {
  readonly released: boolean;
  release(): Promise<void>;
}

/**
 * Keeps the screen on while it is needed: a phone that locks itself ends microphone and camera. Browsers take the lock
 * away whenever the page is hidden. Without the interface, or when it is refused (battery saving), nothing happens.
 * @see https://www.w3.org/TR/screen-wake-lock/
 */
export const keepScreenOn = (options: {
  readonly isNeeded: Observable<boolean>;
  readonly wakeLock: { request(type: 'screen'): Promise<ScreenLock> } | undefined;
  readonly page: PageVisibility;
}): void => {
  const { isNeeded, wakeLock, page } = options;
  if (wakeLock === undefined) return;
  let lock: ScreenLock | null = null;
  let isRequested = false;

  const release = (): void => {
    lock?.release().catch(() => {});
    lock = null;
  };
  const update = async (): Promise<void> => {
    if (!isNeeded.get()) return release();
    if (page.visibilityState !== 'visible' || isRequested || lock?.released === false) return;
    isRequested = true;
    lock = await wakeLock.request('screen').catch(() => null);
    isRequested = false;
    if (!isNeeded.get()) release();
    // The page was hidden meanwhile, and is back.
    else if (lock?.released) void update();
  };

  isNeeded.subscribe(() => void update());
  page.addEventListener('visibilitychange', () => void update());
  void update();
};
