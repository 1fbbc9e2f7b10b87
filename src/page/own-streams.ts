import type { Source } from '../media/signalling/messages.ts';
import type { Wanted } from './devices.ts';
import type { Media } from './media.ts';
import { createOwnTracks, type OwnTracks } from './own-tracks.ts';
import type { Settings } from './settings.ts';
import type { Own } from './state.ts';
import type { Store } from './store.ts';

/** What this page is to send, as its person wishes; what is not possible now is sent by `sendAll` later. */
export interface OwnStreams {
  readonly tracks: OwnTracks;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  setScreen(on: boolean): Promise<void>;
  /** After another device was chosen in the settings. */
  deviceChosen(wanted: Wanted): Promise<void>;
  /** At once: nobody is to be heard any more who took back their consent. */
  endMicrophone(): Promise<void>;
  /** Sends whatever is to be sent, and is not yet. */
  sendAll(to: Media): Promise<void>;
}

export const createOwnStreams = (options: {
  readonly store: Store;
  readonly settings: () => Settings;
  readonly media: () => Media | null;
  /** Runs what a person asked for; a refusal is shown, and a broken line is known already. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
  readonly notice: (text: string) => void;
}): OwnStreams => {
  const { attempt, notice, media } = options;
  const { dispatch, get } = options.store;
  const own = (change: Partial<Own>): void => dispatch({ type: 'own', own: change });

  const tracks = createOwnTracks({
    settings: options.settings,
    ended: (kind) => {
      if (get().phase !== 'in') return;
      if (kind === 'screen') return void streams.setScreen(false);
      notice(`Your ${kind} stopped.`);
      void (kind === 'camera' ? streams.setCamera(false) : streams.deviceChosen('microphone'));
    },
  });

  /** One after the other: a camera that is switched twice quickly ends as it was asked for last. */
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    turn = turn.then(() => attempt(work));
    return turn;
  };
  const change = (source: Source, on: boolean, start: (to: Media) => Promise<unknown>): Promise<void> =>
    inTurn(async () => {
      const to = media();
      if (to === null) return;
      if (on && !to.sends(source)) await start(to);
      if (!on) await to.stop(source);
    });
  /** At once, whatever is still under way. */
  const silence = (silent: boolean): void => {
    const track = tracks.box.get().microphone;
    if (track !== null) track.enabled = !silent;
  };
  const nothing = async (): Promise<void> => {};

  /** False when there is no such device; why is in the tracks' problems. */
  const sendTrack = async (to: Media, source: Wanted, paused = false): Promise<boolean> => {
    const track = await tracks.open(source);
    if (track === null) {
      own(source === 'camera' ? { camera: false } : { microphone: 'off' });
      notice(tracks.box.get().problems[source] ?? `The ${source} could not be started.`);
      return false;
    }
    if (source === 'microphone') track.enabled = !paused;
    await to.send(source, track, { paused });
    return true;
  };

  const streams: OwnStreams = {
    tracks,
    async setMicrophone(on) {
      own({ microphone: on ? 'on' : 'muted' });
      silence(!on);
      await inTurn(async () => {
        const to = media();
        // Somebody may have thought otherwise while this waited its turn.
        if (to === null || (get().own.microphone === 'on') !== on) return;
        if (to.sends('microphone')) await to.setPaused('microphone', !on);
        else if (on) await sendTrack(to, 'microphone');
      });
    },
    async setCamera(on) {
      own({ camera: on });
      await change('camera', on, (to) => sendTrack(to, 'camera'));
      if (!on) tracks.close('camera');
    },
    async setScreen(on) {
      if (!on) {
        own({ screen: false });
        await change('screen', false, nothing);
        tracks.close('screen');
        return;
      }
      await attempt(async () => {
        const track = await tracks.openScreen();
        if (track === null) return;
        own({ screen: true });
        await change('screen', true, (to) => to.send('screen', track));
      });
    },
    async deviceChosen(kind) {
      const { phase, own: sending } = get();
      if (phase === 'in' && kind === 'camera' && !sending.camera) return;
      const track = await tracks.reopen(kind);
      if (track === null || phase !== 'in') return;
      if (kind === 'microphone') track.enabled = get().own.microphone === 'on';
      await inTurn(async () => media()?.replace(kind, track));
    },
    endMicrophone() {
      own({ microphone: 'off' });
      silence(true);
      return change('microphone', false, nothing);
    },
    sendAll: (to) =>
      inTurn(async () => {
        const { microphone, camera, screen } = get().own;
        const isMissing = (source: Source, wanted: boolean): boolean => wanted && !to.sends(source);
        if (isMissing('microphone', microphone !== 'off')) {
          await sendTrack(to, 'microphone', microphone === 'muted');
        }
        if (isMissing('camera', camera)) await sendTrack(to, 'camera');
        const shared = tracks.box.get().screen;
        if (isMissing('screen', screen) && shared !== null) await to.send('screen', shared);
      }),
  };
  return streams;
};
