import type { Source } from '../../media/signalling/messages.ts';
import { Refused } from './channel.ts';
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
      if (kind === 'screen') return void streams.setScreen(false);
      if (get().phase !== 'in') return void tracks.open(kind);
      if (kind === 'microphone') return void microphoneEnded();
      notice('Your camera stopped. Turn it on again to go on with it, or with another.');
      void streams.setCamera(false);
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

  /** Nothing is sent of it any more, and everybody sees that. */
  const without = async (source: Source): Promise<void> => {
    own({ [source]: source === 'microphone' ? 'off' : false });
    tracks.close(source);
    await change(source, false, nothing);
  };
  const send = async (to: Media, source: Source, track: MediaStreamTrack, paused = false): Promise<void> => {
    try {
      await to.send(source, track, { paused });
    } catch (error) {
      // On the next line, or over the next media, it is sent again. What the server refuses is not.
      if (error instanceof Refused) void without(source);
      throw error;
    }
  };
  /** With a sentence why when there is no such device. */
  const sendTrack = async (to: Media, source: Wanted, paused = false): Promise<void> => {
    const track = await tracks.open(source);
    if (track === null) {
      own(source === 'camera' ? { camera: false } : { microphone: 'off' });
      notice(tracks.box.get().problems[source] ?? `The ${source} could not be started.`);
      return;
    }
    if (source === 'microphone') track.enabled = !paused;
    await send(to, source, track, paused);
  };
  /** Null: there is none any more. */
  const sendInstead = async (kind: Wanted, track: MediaStreamTrack | null): Promise<void> => {
    if (track === null) return without(kind);
    if (kind === 'microphone') track.enabled = get().own.microphone === 'on';
    await inTurn(async () => media()?.replace(kind, track));
  };
  /** Another one takes its place, so that nobody talks on and is not heard. */
  const microphoneEnded = async (): Promise<void> => {
    if (get().own.microphone === 'off') return;
    const track = await tracks.open('microphone');
    const problem = tracks.box.get().problems.microphone ?? '';
    notice(`Your microphone stopped. ${track === null ? problem : `“${track.label}” is used instead.`}`);
    await sendInstead('microphone', track);
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
        dispatch({ type: 'notice', text: 'You are sharing your screen.' });
        await change('screen', true, (to) => send(to, 'screen', track));
      });
    },
    async deviceChosen(kind) {
      const { phase, own: sending } = get();
      const isUsed = kind === 'camera' ? sending.camera : sending.microphone !== 'off';
      // What is not used is opened with what was chosen once it is.
      if (phase === 'in' && !isUsed) return;
      const track = await tracks.change(kind);
      if (phase !== 'in') return;
      const problem = tracks.box.get().problems[kind];
      if (problem !== null) notice(problem);
      await sendInstead(kind, track);
    },
    endMicrophone: () => without('microphone'),
    sendAll: (to) =>
      inTurn(async () => {
        const { microphone, camera, screen } = get().own;
        const isMissing = (source: Source, wanted: boolean): boolean => wanted && !to.sends(source);
        if (isMissing('microphone', microphone !== 'off')) {
          await sendTrack(to, 'microphone', microphone === 'muted');
        }
        if (isMissing('camera', camera)) await sendTrack(to, 'camera');
        const shared = tracks.box.get().screen;
        if (isMissing('screen', screen) && shared !== null) await send(to, 'screen', shared);
      }),
  };
  return streams;
};
