import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchInterruption } from '../../../../src/pages/meeting/media/interruption.ts';
import { createObservable } from '../../../../src/pages/shared/observable.ts';

/** A track that the system mutes. */
const openTrack = (muted = false) => {
  const track = Object.assign(new EventTarget(), { muted });
  const set = (now: boolean): void => {
    Object.assign(track, { muted: now });
    track.dispatchEvent(new Event(now ? 'mute' : 'unmute'));
  };
  return { track, set };
};

const openPage = () => {
  const microphone = openTrack();
  const track = createObservable(microphone.track);
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const changed = vi.fn();
  const lost = vi.fn();
  watchInterruption({ track, page, changed, lost });
  const show = (visibilityState: 'visible' | 'hidden'): void => {
    Object.assign(page, { visibilityState });
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { microphone, track, changed, lost, show };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a microphone that the system takes away', () => {
  it('is reported after a second, and again as soon as it is back', () => {
    const { microphone, changed, lost } = openPage();
    microphone.set(true);
    expect(changed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(changed.mock.calls).toEqual([[true]]);
    vi.advanceTimersByTime(60_000);
    microphone.set(false);
    expect(changed.mock.calls).toEqual([[true], [false]]);
    expect(lost).not.toHaveBeenCalled();
  });

  it('is not reported when it is silent for a moment', () => {
    const { microphone, changed } = openPage();
    microphone.set(true);
    vi.advanceTimersByTime(900);
    microphone.set(false);
    vi.advanceTimersByTime(10_000);
    expect(changed).not.toHaveBeenCalled();
  });

  it('is opened again when the person is back at the page, and it is not', () => {
    const { microphone, changed, lost, show } = openPage();
    microphone.set(true);
    show('hidden');
    vi.advanceTimersByTime(120_000);
    show('visible');
    expect(lost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(lost).toHaveBeenCalledOnce();
    expect(changed.mock.calls).toEqual([[true]]);
  });

  it('is left alone when it comes back with the person', () => {
    const { microphone, changed, lost, show } = openPage();
    microphone.set(true);
    show('hidden');
    vi.advanceTimersByTime(120_000);
    show('visible');
    vi.advanceTimersByTime(500);
    microphone.set(false);
    vi.advanceTimersByTime(10_000);
    expect(lost).not.toHaveBeenCalled();
    expect(changed.mock.calls).toEqual([[true], [false]]);
  });

  it('is no longer of interest once another is open', () => {
    const { microphone, track, changed } = openPage();
    microphone.set(true);
    vi.advanceTimersByTime(1_000);
    const other = openTrack();
    track.set(other.track);
    expect(changed.mock.calls).toEqual([[true], [false]]);
    microphone.set(false);
    microphone.set(true);
    vi.advanceTimersByTime(10_000);
    expect(changed).toHaveBeenCalledTimes(2);
    other.set(true);
    vi.advanceTimersByTime(1_000);
    expect(changed).toHaveBeenLastCalledWith(true);
  });
});
