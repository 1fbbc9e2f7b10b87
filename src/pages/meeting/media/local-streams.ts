import type { Source } from '../../../media/signalling/messages.ts';
import { RequestRefused } from '../../shared/request-channel.ts';
import { DEVICE_ERRORS, DEVICE_NOTICES } from '../sentences.ts';
import type { Settings } from '../state/settings.ts';
import { isHeard, type LocalMedia } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { DeviceKind, Devices } from './devices.ts';
import { createLocalTracks, type LocalTracks } from './local-tracks.ts';
import type { Media } from './media.ts';

/** Sends what the person switched on. What cannot be sent now is sent by `sendAll` later. */
export interface LocalStreams {
  readonly tracks: LocalTracks;
  readonly setMicrophone: (on: boolean) => Promise<void>;
  readonly setCamera: (on: boolean) => Promise<void>;
  readonly setScreen: (on: boolean) => Promise<void>;
  /** After another device was chosen in the settings. */
  readonly deviceChanged: (kind: DeviceKind) => Promise<void>;
  /** The devices that there are now. */
  readonly devicesListed: (devices: Devices) => void;
  /** The system took the microphone away, or gave it back. */
  readonly microphoneInterrupted: (interrupted: boolean) => Promise<void>;
  /** At once, when consent is withdrawn. */
  readonly stopMicrophone: () => Promise<void>;
  /** Sends what is switched on and not sent yet. */
  readonly sendAll: (media: Media) => Promise<void>;
}

export const createLocalStreams = (options: {
  readonly store: Store;
  readonly settings: () => Settings;
  readonly media: () => Media | null;
  /** Runs what a person does, and shows an error. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
  readonly showError: (sentence: string) => void;
}): LocalStreams => {
  const { attempt, showError, media } = options;
  const { dispatch, get } = options.store;
  const setLocalMedia = (change: Partial<LocalMedia>): void => dispatch({ type: 'local-media', change });

  const tracks = createLocalTracks({
    settings: options.settings,
    ended: (kind) => {
      if (kind === 'screen') return void streams.setScreen(false);
      if (get().phase !== 'joined') return void tracks.open(kind);
      if (kind === 'microphone') return void microphoneEnded();
      showError(DEVICE_NOTICES.cameraStopped);
      void streams.setCamera(false);
    },
  });

  /** One after the other: a camera that is switched twice quickly ends as it was switched last. */
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<unknown>): Promise<void> => {
    queue = queue.then(() => attempt(work));
    return queue;
  };
  const start = (source: Source, send: (open: Media) => Promise<unknown>): Promise<void> =>
    enqueue(async () => {
      const open = media();
      if (open !== null && !open.isSending(source)) await send(open);
    });
  const stop = (source: Source): Promise<void> => enqueue(async () => media()?.stop(source));
  /** At once, whatever is still queued. */
  const setMicrophoneEnabled = (enabled: boolean): void => {
    const track = tracks.current.get().microphone;
    if (track !== null) track.enabled = enabled;
  };

  const switchOff = async (source: Source): Promise<void> => {
    setLocalMedia({ [source]: source === 'microphone' ? 'off' : false });
    tracks.close(source);
    await stop(source);
  };
  const send = async (
    open: Media,
    source: Source,
    track: MediaStreamTrack,
    paused = false,
  ): Promise<void> => {
    try {
      await open.produce(source, track, { paused });
    } catch (error) {
      // A lost channel is followed by `sendAll` on the next one. What the server refuses is not sent again.
      if (error instanceof RequestRefused) void switchOff(source);
      throw error;
    }
  };
  const openAndSend = async (open: Media, kind: DeviceKind, paused = false): Promise<void> => {
    const track = await tracks.open(kind);
    if (track === null) {
      setLocalMedia(kind === 'camera' ? { camera: false } : { microphone: 'off' });
      showError(tracks.current.get().errors[kind] ?? DEVICE_ERRORS.failed(kind));
      return;
    }
    if (kind === 'microphone') track.enabled = !paused;
    await send(open, kind, track, paused);
  };
  /** Null when there is no device any more. */
  const replaceTrack = async (kind: DeviceKind, track: MediaStreamTrack | null): Promise<void> => {
    if (track === null) return switchOff(kind);
    if (kind === 'microphone') track.enabled = get().localMedia.microphone === 'on';
    await enqueue(async () => media()?.replaceTrack(kind, track));
  };
  const isMicrophoneSilent = (): boolean => !isHeard(get());
  /** Switches to another microphone, so that no one goes on talking unheard. */
  const microphoneEnded = async (): Promise<void> => {
    if (get().localMedia.microphone === 'off') return;
    const track = await tracks.open('microphone');
    showError(
      track === null
        ? DEVICE_NOTICES.microphoneStopped(tracks.current.get().errors.microphone ?? '')
        : DEVICE_NOTICES.microphoneReplaced(track.label),
    );
    await replaceTrack('microphone', track);
  };

  const streams: LocalStreams = {
    tracks,
    async setMicrophone(on) {
      setLocalMedia({ microphone: on ? 'on' : 'muted' });
      setMicrophoneEnabled(on);
      // Opened again at the press of a button, the system gives it.
      if (on && get().localMedia.interrupted) await streams.deviceChanged('microphone');
      await enqueue(async () => {
        const open = media();
        // It may have been switched again while this was queued.
        if (open === null || (get().localMedia.microphone === 'on') !== on) return;
        if (open.isSending('microphone')) await open.setPaused('microphone', isMicrophoneSilent());
        else if (on) await openAndSend(open, 'microphone');
      });
    },
    async setCamera(on) {
      setLocalMedia({ camera: on });
      if (on) return start('camera', (open) => openAndSend(open, 'camera'));
      await stop('camera');
      tracks.close('camera');
    },
    async setScreen(on) {
      if (!on) {
        setLocalMedia({ screen: false });
        await stop('screen');
        tracks.close('screen');
        return;
      }
      await attempt(async () => {
        const track = await tracks.openScreen();
        if (track === null) return;
        setLocalMedia({ screen: true });
        dispatch({ type: 'notice', text: DEVICE_NOTICES.sharingScreen });
        await start('screen', (open) => send(open, 'screen', track));
      });
    },
    async deviceChanged(kind) {
      const { phase, localMedia } = get();
      const isUsed = kind === 'camera' ? localMedia.camera : localMedia.microphone !== 'off';
      // A device that is not used is opened when it is switched on.
      if (phase === 'joined' && !isUsed) return;
      const track = await tracks.switchDevice(kind);
      if (phase !== 'joined') return;
      const error = tracks.current.get().errors[kind];
      if (error !== null) showError(error);
      await replaceTrack(kind, track);
    },
    devicesListed: (devices) => tracks.devicesListed(devices),
    async microphoneInterrupted(interrupted) {
      setLocalMedia({ interrupted });
      await enqueue(async () => media()?.setPaused('microphone', isMicrophoneSilent()));
    },
    stopMicrophone: () => switchOff('microphone'),
    sendAll: (open) =>
      enqueue(async () => {
        const { microphone, camera, screen } = get().localMedia;
        if (microphone !== 'off' && !open.isSending('microphone')) {
          await openAndSend(open, 'microphone', isMicrophoneSilent());
        }
        if (camera && !open.isSending('camera')) await openAndSend(open, 'camera');
        const shared = tracks.current.get().screen;
        if (screen && shared !== null && !open.isSending('screen')) await send(open, 'screen', shared);
      }),
  };
  return streams;
};
