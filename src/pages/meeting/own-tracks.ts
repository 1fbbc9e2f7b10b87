import { createBox, type OpenBox } from './box.ts';
import { DeviceProblem, openDevice, openDeviceOrAny, openScreen, type Wanted } from './devices.ts';
import type { Settings } from './settings.ts';

type Kind = Wanted | 'screen';
type Track = MediaStreamTrack | null;

/** This page's own camera, microphone and screen, as the browser gave them. */
interface Tracks {
  readonly microphone: Track;
  readonly camera: Track;
  readonly screen: Track;
  /** Why there is none, or not the one that was chosen, as sentences. */
  readonly problems: Readonly<Record<Wanted, string | null>>;
}

export interface OwnTracks {
  readonly box: OpenBox<Tracks>;
  /**
   * The open one, or one that is opened now: the chosen one, or any when that cannot be had. Null when there is none;
   * then `problems` says why.
   */
  open(wanted: Wanted): Promise<Track>;
  /** The one that was chosen, in place of the open one; when it cannot be had, `problems` says why, and another is. */
  change(wanted: Wanted): Promise<Track>;
  /** The open one, or one that the person is asked for now. Null when they thought better of it. */
  openScreen(): Promise<Track>;
  close(kind: Kind): void;
  closeAll(): void;
}

/** `ended` hears of what stopped without being asked to: an unplugged device, a shared window that was closed. */
export const createOwnTracks = (options: {
  readonly settings: () => Settings;
  readonly ended: (kind: Kind) => void;
}): OwnTracks => {
  const box = createBox<Tracks>({
    microphone: null,
    camera: null,
    screen: null,
    problems: { microphone: null, camera: null },
  });
  const opening = new Map<Kind, Promise<Track>>();
  /** Being opened, and not wanted any more. */
  const unwanted = new Set<Kind>();

  const put = (kind: Kind, track: Track): void => {
    if (box.get()[kind] !== track) box.get()[kind]?.stop();
    box.set({ ...box.get(), [kind]: track });
    track?.addEventListener('ended', () => {
      // Some browsers end the one before by themselves as soon as another is opened.
      if (box.get()[kind] !== track || opening.has(kind)) return;
      put(kind, null);
      options.ended(kind);
    });
  };
  const close = (kind: Kind): void => {
    // Browsers take their time to ask people, who may have joined without it, or left, meanwhile.
    if (opening.has(kind)) unwanted.add(kind);
    put(kind, null);
  };
  const problem = (wanted: Wanted, sentence: string | null): void =>
    box.set({ ...box.get(), problems: { ...box.get().problems, [wanted]: sentence } });

  const chosen = (wanted: Wanted): string | null => {
    const { microphoneId, cameraId } = options.settings();
    return wanted === 'microphone' ? microphoneId : cameraId;
  };
  /** One at a time: two questions about one device at once confuse browsers and people. */
  const once = (kind: Kind, openNew: () => Promise<Track>): Promise<Track> => {
    unwanted.delete(kind);
    const openAndPut = async (): Promise<Track> => {
      const track = await openNew();
      if (!unwanted.has(kind)) {
        put(kind, track);
        return track;
      }
      track?.stop();
      return null;
    };
    const running = opening.get(kind) ?? openAndPut().finally(() => opening.delete(kind));
    opening.set(kind, running);
    return running;
  };
  const orNone = async (wanted: Wanted, openNew: () => Promise<MediaStreamTrack>): Promise<Track> => {
    try {
      problem(wanted, null);
      return await openNew();
    } catch (error) {
      problem(wanted, error instanceof DeviceProblem ? error.sentence : String(error));
      return null;
    }
  };
  const openChosenInstead = async (wanted: Wanted): Promise<MediaStreamTrack> => {
    const deviceId = chosen(wanted);
    try {
      return await openDevice(wanted, deviceId);
    } catch {
      // Telephones have one camera open at a time, and one microphone: the one before has to go first.
      box.get()[wanted]?.stop();
    }
    const { track, whyNotChosen } = await openDeviceOrAny(wanted, deviceId);
    problem(wanted, whyNotChosen);
    return track;
  };

  return {
    box,
    open: async (wanted) => {
      const openAny = async () => (await openDeviceOrAny(wanted, chosen(wanted))).track;
      return box.get()[wanted] ?? (await once(wanted, () => orNone(wanted, openAny)));
    },
    async change(wanted) {
      await opening.get(wanted);
      return once(wanted, () => orNone(wanted, () => openChosenInstead(wanted)));
    },
    openScreen: async () => box.get().screen ?? (await once('screen', openScreen)),
    close,
    closeAll() {
      for (const kind of ['microphone', 'camera', 'screen'] as const) close(kind);
    },
  };
};
