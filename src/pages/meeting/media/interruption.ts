import type { Observable } from '../../shared/observable.ts';

/** A `MediaStreamTrack`, and a `Document`. */
type Track = EventTarget & { readonly muted: boolean };
export type PageVisibility = EventTarget & { readonly visibilityState: string };

/** A track may be silent for a moment when it starts, or when the system switches devices. */
const AFTER_MS = 1_000;

/**
 * Watches for a microphone that the system takes away and gives back: a phone call or Siri on an iPhone, a switch on the
 * device. Its track stays open and is silent meanwhile.
 * @param options.changed gets whether it is taken away
 * @param options.lost is called when the person is back at the page, and the microphone is not: some browsers never give
 * it back, and another has to be opened
 * @see https://www.w3.org/TR/mediacapture-streams/#event-mediastreamtrack-mute
 */
export const watchInterruption = (options: {
  readonly track: Observable<Track | null>;
  readonly page: PageVisibility;
  readonly changed: (isInterrupted: boolean) => void;
  readonly lost: () => void;
}): void => {
  const { page, changed, lost } = options;
  let watched: Track | null = null;
  let isInterrupted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (now: boolean): void => {
    if (now === isInterrupted) return;
    isInterrupted = now;
    changed(now);
  };
  /** Taken away is what stays so. */
  const check = (): void => {
    clearTimeout(timer);
    if (watched?.muted) timer = setTimeout(() => set(watched?.muted ?? false), AFTER_MS);
    else set(false);
  };
  const watch = (): void => {
    const track = options.track.get();
    if (track === watched) return;
    for (const event of ['mute', 'unmute']) {
      watched?.removeEventListener(event, check);
      track?.addEventListener(event, check);
    }
    watched = track;
    check();
  };

  options.track.subscribe(watch);
  watch();
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState !== 'visible' || !isInterrupted) return;
    // The system gives it back a moment after the person is back.
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (watched?.muted) lost();
      else set(false);
    }, AFTER_MS);
  });
};
