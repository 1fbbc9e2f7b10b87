import { createBox, type OpenBox } from './box.ts';
import { DeviceProblem, openDevice, type Wanted } from './devices.ts';
import type { Settings } from './settings.ts';

/** This page's own camera, microphone and screen, as the browser gave them. */
interface Tracks {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  /** Why there is none, as sentences. */
  readonly problems: Readonly<Record<Wanted, string | null>>;
}

export interface OwnTracks {
  readonly box: OpenBox<Tracks>;
  /** The open one, or one that is opened now. Null when there is none; then `problems` says why. */
  open(wanted: Wanted): Promise<MediaStreamTrack | null>;
  /** Another one in its place, after another was chosen. */
  reopen(wanted: Wanted): Promise<MediaStreamTrack | null>;
  /** Null when the person thought better of it. */
  openScreen(): Promise<MediaStreamTrack | null>;
  close(kind: Wanted | 'screen'): void;
  closeAll(): void;
}

/** `ended` hears of what stopped without being asked to: an unplugged device, a shared window that was closed. */
export const createOwnTracks = (options: {
  readonly settings: () => Settings;
  readonly ended: (kind: Wanted | 'screen') => void;
}): OwnTracks => {
  const box = createBox<Tracks>({
    microphone: null,
    camera: null,
    screen: null,
    problems: { microphone: null, camera: null },
  });
  const opening = new Map<Wanted, Promise<MediaStreamTrack | null>>();
  /** Being opened, and not wanted any more. */
  const unwanted = new Set<Wanted>();

  const put = (kind: Wanted | 'screen', track: MediaStreamTrack | null): void => {
    box.get()[kind]?.stop();
    box.set({ ...box.get(), [kind]: track });
    track?.addEventListener('ended', () => {
      if (box.get()[kind] !== track) return;
      put(kind, null);
      options.ended(kind);
    });
  };
  const close = (kind: Wanted | 'screen'): void => {
    // Browsers take their time to ask people, who may have joined without it meanwhile.
    if (kind !== 'screen' && opening.has(kind)) unwanted.add(kind);
    put(kind, null);
  };
  const problem = (wanted: Wanted, sentence: string | null): void =>
    box.set({ ...box.get(), problems: { ...box.get().problems, [wanted]: sentence } });

  const openNew = async (wanted: Wanted): Promise<MediaStreamTrack | null> => {
    const { microphoneId, cameraId } = options.settings();
    try {
      const track = await openDevice(wanted, wanted === 'microphone' ? microphoneId : cameraId);
      problem(wanted, null);
      if (unwanted.has(wanted)) {
        track.stop();
        return null;
      }
      put(wanted, track);
      return track;
    } catch (error) {
      put(wanted, null);
      problem(wanted, error instanceof DeviceProblem ? error.sentence : String(error));
      return null;
    }
  };
  /** One at a time: two questions about one device at once confuse browsers and people. */
  const once = (wanted: Wanted): Promise<MediaStreamTrack | null> => {
    unwanted.delete(wanted);
    const running = opening.get(wanted) ?? openNew(wanted).finally(() => opening.delete(wanted));
    opening.set(wanted, running);
    return running;
  };

  return {
    box,
    open: async (wanted) => box.get()[wanted] ?? (await once(wanted)),
    async reopen(wanted) {
      await opening.get(wanted);
      return once(wanted);
    },
    async openScreen() {
      try {
        const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
        put('screen', stream.getVideoTracks()[0] ?? null);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'NotAllowedError')) throw error;
      }
      return box.get().screen;
    },
    close,
    closeAll() {
      for (const kind of ['microphone', 'camera', 'screen'] as const) close(kind);
    },
  };
};
