import { describe, expect, it } from 'vitest';
import { createSpeechDetector, watchMutedSpeech } from '../../../../src/pages/meeting/media/muted-speech.ts';
import { createObservable } from '../../../../src/pages/shared/observable.ts';

/** Feeds a level every 60 ms, as the meter does; when the person is told, in milliseconds. */
const toldAt = (levelAt: (ms: number) => number, untilMs: number): number[] => {
  const detect = createSpeechDetector();
  const told: number[] = [];
  for (let ms = 0; ms <= untilMs; ms += 60) if (detect(levelAt(ms), ms)) told.push(ms);
  return told;
};

describe('speaking while muted', () => {
  it('is noticed after a second, and again half a minute later', () => {
    expect(toldAt(() => 0.7, 40_000)).toEqual([1_020, 31_020]);
  });

  it('is noticed in words with gaps', () => {
    const [first] = toldAt((ms) => (ms % 600 < 360 ? 0.6 : 0.1), 10_000);
    expect(first).toBeLessThan(3_000);
  });

  it('is not a cough, a key or a quiet room', () => {
    expect(toldAt((ms) => (ms % 5_000 < 500 ? 0.9 : 0.05), 60_000)).toEqual([]);
    expect(toldAt(() => 0.3, 60_000)).toEqual([]);
  });

  it('is measured on a copy of the microphone, only while it is muted', () => {
    const open: { enabled: boolean; isStopped: boolean }[] = [];
    class Track {
      enabled = false;
      isStopped = false;
      clone(): Track {
        const copy = new Track();
        open.push(copy);
        return copy;
      }
      stop(): void {
        this.isStopped = true;
      }
    }
    const microphone = createObservable<Track | null>(null);
    const isMuted = createObservable(false);
    let feed: (level: number) => void = () => {};
    let nowMs = 0;
    let times = 0;
    watchMutedSpeech({
      microphone,
      isMuted,
      meter(_, onLevel) {
        feed = onLevel;
        return () => {};
      },
      nowMs: () => nowMs,
      speaking: () => {
        times += 1;
      },
    });
    microphone.set(new Track());
    expect(open).toEqual([]);
    isMuted.set(true);
    expect(open).toMatchObject([{ enabled: true, isStopped: false }]);
    for (; nowMs < 2_000; nowMs += 60) feed(0.8);
    expect(times).toBe(1);
    isMuted.set(false);
    expect(open).toMatchObject([{ isStopped: true }]);
  });
});
