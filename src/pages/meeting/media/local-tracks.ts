import { createObservable, type Observable } from '../../shared/observable.ts';
import type { Settings } from '../state/settings.ts';
import {
  DeviceError,
  type DeviceKind,
  type Devices,
  NO_DEVICES,
  openDevice,
  openDeviceOrAny,
  openScreen,
} from './devices.ts';

type TrackKind = DeviceKind | 'screen';
type Track = MediaStreamTrack | null;

/** The page's own microphone, camera and screen. */
interface Tracks {
  readonly microphone: Track;
  readonly camera: Track;
  readonly screen: Track;
  /** Why there is none, or not the one that was chosen, as sentences. */
  readonly errors: Readonly<Record<DeviceKind, string | null>>;
}

export interface LocalTracks {
  readonly current: Observable<Tracks>;
  /** The open track, or a new one: of the chosen device, or of any other. Null when there is none; see `errors`. */
  open(kind: DeviceKind): Promise<Track>;
  /** Switches to the chosen device; when that fails, to any other, and `errors` says why. */
  switchDevice(kind: DeviceKind): Promise<Track>;
  /** The open track, or one that the person is asked for now. Null when they cancel. */
  openScreen(): Promise<Track>;
  /** The devices that there are now. A track whose device is gone ends, also where the browser only silences it. */
  readonly devicesListed: (devices: Devices) => void;
  close(kind: TrackKind): void;
  closeAll(): void;
}

/** `ended` is called for tracks that end by themselves: an unplugged device, a shared window that was closed. */
export const createLocalTracks = (options: {
  readonly settings: () => Settings;
  readonly ended: (kind: TrackKind) => void;
}): LocalTracks => {
  const current = createObservable<Tracks>({
    microphone: null,
    camera: null,
    screen: null,
    errors: { microphone: null, camera: null },
  });
  let listed = NO_DEVICES;
  const opening = new Map<TrackKind, Promise<Track>>();
  /** Closed while they are being opened. */
  const cancelled = new Set<TrackKind>();

  const setTrack = (kind: TrackKind, track: Track): void => {
    if (current.get()[kind] !== track) current.get()[kind]?.stop();
    current.set({ ...current.get(), [kind]: track });
    track?.addEventListener('ended', () => trackEnded(kind, track));
  };
  const trackEnded = (kind: TrackKind, track: MediaStreamTrack): void => {
    // Some browsers end the track before as soon as another device is opened.
    if (current.get()[kind] !== track || opening.has(kind)) return;
    setTrack(kind, null);
    options.ended(kind);
  };
  const setError = (kind: DeviceKind, sentence: string | null): void =>
    current.set({ ...current.get(), errors: { ...current.get().errors, [kind]: sentence } });
  const close = (kind: TrackKind): void => {
    // While the browser asks for permission, the person may have joined without the device, or left.
    if (opening.has(kind)) cancelled.add(kind);
    setTrack(kind, null);
  };

  const chosenDevice = (kind: DeviceKind): string | null => {
    const { microphoneId, cameraId } = options.settings();
    return kind === 'microphone' ? microphoneId : cameraId;
  };
  /** One permission prompt a device at a time. */
  const openOnce = (kind: TrackKind, openTrack: () => Promise<Track>): Promise<Track> => {
    cancelled.delete(kind);
    const openAndSet = async (): Promise<Track> => {
      const track = await openTrack();
      if (!cancelled.has(kind)) {
        setTrack(kind, track);
        return track;
      }
      track?.stop();
      return null;
    };
    const running = opening.get(kind) ?? openAndSet().finally(() => opening.delete(kind));
    opening.set(kind, running);
    return running;
  };
  const openOrNull = async (kind: DeviceKind, openTrack: () => Promise<MediaStreamTrack>): Promise<Track> => {
    try {
      setError(kind, null);
      return await openTrack();
    } catch (error) {
      setError(kind, error instanceof DeviceError ? error.message : String(error));
      return null;
    }
  };
  const openInstead = async (kind: DeviceKind): Promise<MediaStreamTrack> => {
    const deviceId = chosenDevice(kind);
    try {
      return await openDevice(kind, deviceId);
    } catch {
      // Phones open one camera and one microphone at a time: the one in use has to be stopped first.
      current.get()[kind]?.stop();
    }
    const { track, fallbackReason } = await openDeviceOrAny(kind, deviceId);
    setError(kind, fallbackReason);
    return track;
  };

  return {
    current,
    open: async (kind) => {
      const openAny = async () => (await openDeviceOrAny(kind, chosenDevice(kind))).track;
      return current.get()[kind] ?? (await openOnce(kind, () => openOrNull(kind, openAny)));
    },
    async switchDevice(kind) {
      await opening.get(kind);
      return openOnce(kind, () => openOrNull(kind, () => openInstead(kind)));
    },
    devicesListed(devices) {
      const before = listed;
      listed = devices;
      for (const kind of ['microphone', 'camera'] as const) {
        const track = current.get()[kind];
        const isListed = (list: Devices): boolean =>
          list[`${kind}s`].some(({ deviceId }) => deviceId === track?.getSettings().deviceId);
        if (track !== null && isListed(before) && !isListed(devices)) trackEnded(kind, track);
      }
    },
    openScreen: async () => current.get().screen ?? (await openOnce('screen', openScreen)),
    close,
    closeAll() {
      for (const kind of ['microphone', 'camera', 'screen'] as const) close(kind);
    },
  };
};
