import type { Device } from 'mediasoup-client';
import type { Joined, Notification, Source } from '../media/signalling/messages.ts';
import { createBox, type OpenBox } from './box.ts';
import { type Connection, keepJoined, type Place } from './connection.ts';
import type { Wanted } from './devices.ts';
import { type Line, LineLost, Refused } from './line.ts';
import { loadDevice, type Media, openMedia } from './media.ts';
import { createOwnTracks, type OwnTracks } from './own-tracks.ts';
import type { Settings } from './settings.ts';
import { mine, type Own } from './state.ts';
import type { Store } from './store.ts';
import { createWatched, type Watched } from './watched.ts';

interface JoinWith {
  readonly microphone: boolean;
  readonly camera: boolean;
  /** To captions and transcript; without it there is no microphone. */
  readonly consent: boolean;
}

/** What a person can do; every entry is safe to call at any time, and says in the state what came of it. */
export interface Meeting {
  readonly tracks: OwnTracks;
  /** Changes whenever the tracks of others were made anew. */
  readonly media: OpenBox<Media | null>;
  readonly watched: Watched;
  readonly join: (how: JoinWith) => void;
  readonly setMicrophone: (on: boolean) => Promise<void>;
  readonly setCamera: (on: boolean) => Promise<void>;
  readonly setScreen: (on: boolean) => Promise<void>;
  /** After another device was chosen in the settings. */
  readonly deviceChosen: (wanted: Wanted) => Promise<void>;
  readonly consent: (accepted: boolean) => Promise<void>;
  readonly raiseHand: (raised: boolean) => Promise<void>;
  readonly wantCaptions: (wanted: boolean) => Promise<void>;
  readonly mute: (peerId: string) => Promise<void>;
  readonly remove: (peerId: string) => Promise<void>;
  readonly switchCaptions: (on: boolean) => Promise<void>;
  /** Has a telephone rung into the meeting. Why not, as a sentence; null when it rings. */
  readonly addPhone: (number: string) => Promise<string | null>;
  readonly hangUpPhone: (legId: string) => Promise<void>;
  readonly endForAll: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

/** The meeting as this page takes part in it: one connection, its media, and what the person does. */
export const createMeeting = (options: {
  readonly socketUrl: string;
  readonly whyClosed: () => Promise<string | null>;
  readonly place: Place;
  readonly store: Store;
  readonly settings: () => Settings;
  /** Monotonic. */
  readonly nowMs: () => number;
}): Meeting => {
  const { store, nowMs } = options;
  const { dispatch, get } = store;
  let connection: Connection | null = null;
  let line: Line | null = null;
  let iceServers: Joined['iceServers'] = [];
  let device: Promise<Device> | null = null;
  let wanted: JoinWith = { microphone: false, camera: false, consent: false };
  /** Of the line that is live; offers that come early wait for it. */
  let ready: Promise<Media> | null = null;
  const media = createBox<Media | null>(null);
  const own = (change: Partial<Own>): void => dispatch({ type: 'own', own: change });
  const notice = (text: string): void => dispatch({ type: 'notice', text, tone: 'problem' });

  const tracks = createOwnTracks({
    settings: options.settings,
    ended: (kind) => {
      if (get().phase !== 'in') return;
      if (kind === 'screen') return void meeting.setScreen(false);
      notice(`Your ${kind} stopped.`);
      void (kind === 'camera' ? meeting.setCamera(false) : meeting.deviceChosen('microphone'));
    },
  });

  /** Runs what a person asked for; a refusal is shown, and a broken line is known already. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof LineLost) return;
      notice(error instanceof Refused ? error.message : 'That did not work. Please try again.');
    }
  };
  const asked = (work: (open: Line) => Promise<unknown>): Promise<void> =>
    attempt(async () => {
      if (line !== null) await work(line);
    });
  /** One after the other: a camera that is switched twice quickly ends as it was asked for last. */
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    turn = turn.then(() => attempt(work));
    return turn;
  };

  // ---------------------------------------------------------------- coming in, and coming back

  const closeMedia = (): void => {
    ready = null;
    media.get()?.close();
    media.set(null);
    watched.reset();
    dispatch({ type: 'media-gone' });
  };

  const makeMedia = async (open: Line): Promise<void> => {
    closeMedia();
    const opening = openMedia({
      device: await device!,
      line: open,
      iceServers,
      broken: () => {
        if (line === open) connection?.again();
      },
    });
    ready = opening;
    const opened = await opening;
    if (ready !== opening) return opened.close();
    media.set(opened);
    await inTurn(() => sendAll(opened));
  };

  const sendAll = async (opened: Media): Promise<void> => {
    const { microphone, camera, screen } = get().own;
    if (microphone !== 'off') await sendTrack(opened, 'microphone', microphone === 'muted');
    if (camera) await sendTrack(opened, 'camera');
    const shared = tracks.box.get().screen;
    if (screen && shared !== null) await opened.send('screen', shared);
  };
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

  const joined = async (open: Line, answer: Joined): Promise<void> => {
    const { consented, captionsWanted, phase } = get();
    const hand = mine(get())?.handRaised ?? false;
    const first = phase !== 'in';
    line = open;
    iceServers = answer.iceServers;
    dispatch({ type: 'joined', joined: answer, atMs: nowMs() });
    const self = mine(get());
    if (first) {
      own({
        microphone: wanted.consent ? (wanted.microphone ? 'on' : 'muted') : 'off',
        camera: wanted.camera,
      });
    } else if (self?.microphone === 'muted' && get().own.microphone === 'on') {
      // The host muted while the line was broken.
      own({ microphone: 'muted' });
    }
    const agreed = first ? wanted.consent : consented;
    if (answer.consented !== agreed) await open.ask('consent', { accepted: agreed });
    dispatch({ type: 'consented', accepted: agreed });
    if (!first && answer.captionsWanted !== captionsWanted) {
      dispatch({ type: 'captions-wanted', wanted: captionsWanted });
      await open.ask('captionsWanted', { wanted: captionsWanted });
    }
    if (hand && !answer.resumed) await open.ask('raiseHand', { raised: true });
    await Promise.all([makeMedia(open), catchUp(open)]);
  };

  const catchUp = async (open: Line): Promise<void> => {
    for (let more = true; more; ) {
      const transcript = await open.ask('getTranscript', { since: get().captions.since });
      dispatch({ type: 'transcript', transcript });
      more = transcript.more;
    }
  };

  const told = (news: Notification): void => {
    dispatch({ type: 'told', told: news, atMs: nowMs() });
    if (news.tell === 'newConsumer') void attempt(() => receive(news));
    if (news.tell === 'consumerClosed') {
      media.get()?.forget(news.consumerId);
      watched.forget(news.consumerId);
    }
    if (news.tell === 'youWereMuted') media.get()?.pauseHere('microphone');
    if (news.tell === 'mediaLost' && line !== null) {
      const open = line;
      // Without media there is no meeting: then everything anew.
      makeMedia(open).catch(() => line === open && connection?.again());
    }
    if (news.tell === 'removed' || news.tell === 'meetingEnded') shut();
  };

  const receive = async (offered: Extract<Notification, { tell: 'newConsumer' }>): Promise<void> => {
    const waiting = ready;
    const open = line;
    const opened = await waiting;
    if (opened === null || open === null) return;
    await opened.receive(offered);
    if (ready !== waiting) return;
    const { consumerId, peerId, source, paused } = offered;
    dispatch({ type: 'received', stream: { consumerId, peerId, source, paused } });
    // Voices flow at once; pictures when their tile is on the screen.
    if (offered.kind === 'audio') await open.ask('resumeConsumer', { consumerId });
  };

  const shut = (): void => {
    connection?.close();
    connection = null;
    line = null;
    closeMedia();
    tracks.closeAll();
  };

  const watched = createWatched({
    ask: (work) => asked(work),
  });

  const send = (source: Source, on: boolean, start: (to: Media) => Promise<void>): Promise<void> =>
    inTurn(async () => {
      const to = media.get();
      if (to === null) return;
      if (on && !to.sends(source)) await start(to);
      if (!on) await to.stop(source);
    });

  const meeting: Meeting = {
    tracks,
    media,
    watched,
    join(how) {
      wanted = how;
      // Nobody keeps a microphone open that may not be used.
      if (!how.consent) tracks.close('microphone');
      dispatch({ type: 'joining' });
      connection?.close();
      connection = keepJoined({
        url: options.socketUrl,
        whyClosed: options.whyClosed,
        place: options.place,
        load: async (offered) => {
          device ??= loadDevice(offered);
          return (await device).recvRtpCapabilities;
        },
        on: {
          joined: (open, answer) =>
            void joined(open, answer).catch((error: unknown) => {
              // Without media there is no meeting: once more from the beginning.
              if (line === open && !(error instanceof LineLost)) connection?.again();
            }),
          told,
          silent: (silent) => dispatch({ type: 'line-silent', silent }),
          lost: () => {
            line = null;
            dispatch({ type: 'line-lost' });
          },
          notJoined: (problem) => dispatch({ type: 'not-joined', problem }),
          over: (over) => {
            shut();
            dispatch({ type: 'over', over });
          },
        },
      });
    },

    async setMicrophone(on) {
      if (on && !get().consented) return dispatch({ type: 'dialog', dialog: { kind: 'consent' } });
      own({ microphone: on ? 'on' : 'muted' });
      // Silent at once, whatever is still under way.
      const track = tracks.box.get().microphone;
      if (track !== null) track.enabled = on;
      await inTurn(async () => {
        const to = media.get();
        // Somebody may have thought otherwise while this waited its turn.
        if (to === null || (get().own.microphone === 'on') !== on) return;
        if (to.sends('microphone')) await to.setPaused('microphone', !on);
        else if (on) await sendTrack(to, 'microphone');
      });
    },
    async setCamera(on) {
      own({ camera: on });
      await send('camera', on, async (to) => void (await sendTrack(to, 'camera')));
      if (!on) tracks.close('camera');
    },
    async setScreen(on) {
      if (!on) {
        own({ screen: false });
        await send('screen', false, async () => {});
        tracks.close('screen');
        return;
      }
      await attempt(async () => {
        const track = await tracks.openScreen();
        if (track === null) return;
        own({ screen: true });
        await send('screen', true, (to) => to.send('screen', track));
      });
    },
    async deviceChosen(kind) {
      const { phase, own: sending } = get();
      if (phase === 'in' && kind === 'camera' && !sending.camera) return;
      const track = await tracks.reopen(kind);
      if (track === null || phase !== 'in') return;
      if (kind === 'microphone') track.enabled = get().own.microphone === 'on';
      await inTurn(async () => media.get()?.replace(kind, track));
    },
    consent: (accepted) =>
      asked(async (open) => {
        await open.ask('consent', { accepted });
        dispatch({ type: 'consented', accepted });
        if (accepted) return;
        own({ microphone: 'off' });
        await send('microphone', false, async () => {});
      }),

    raiseHand: (raised) => asked((open) => open.ask('raiseHand', { raised })),
    wantCaptions: (wanting) => {
      dispatch({ type: 'captions-wanted', wanted: wanting });
      return asked(async (open) => {
        await open.ask('captionsWanted', { wanted: wanting });
        if (wanting) await catchUp(open);
      });
    },
    mute: (peerId) => asked((open) => open.ask('mutePeer', { peerId })),
    remove: (peerId) => asked((open) => open.ask('removePeer', { peerId })),
    switchCaptions: (on) => asked((open) => open.ask('setCaptions', { on })),
    async addPhone(number) {
      if (line === null) return 'The connection is lost at the moment. Please try again when it is back.';
      try {
        await line.ask('addPhone', { number });
        return null;
      } catch (error) {
        return error instanceof Refused ? error.message : 'That did not work. Please try again.';
      }
    },
    hangUpPhone: (legId) => asked((open) => open.ask('hangUpPhone', { legId })),
    endForAll: () => asked((open) => open.ask('end')),
    async leave() {
      const open = line;
      options.place.set(null);
      // Not waited for: who leaves has left, and a server that does not hear it keeps the place for half a minute.
      const goodbye = open?.ask('leave').catch(() => {});
      dispatch({ type: 'over', over: { kind: 'left', sentence: 'You left the meeting.' } });
      closeMedia();
      tracks.closeAll();
      await goodbye;
      shut();
    },
  };
  return meeting;
};
