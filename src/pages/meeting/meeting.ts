import type { Device } from 'mediasoup-client';
import type { JoinResponse, Notification } from '../../media/signalling/messages.ts';
import { type Channel, ChannelLost, Refused } from './channel.ts';
import { type Connection, keepJoined, type Place } from './connection.ts';
import { createDesiredState, type DesiredState } from './desired-state.ts';
import type { Wanted } from './devices.ts';
import { createHeldMedia, type HeldMedia } from './held-media.ts';
import { loadDevice } from './media.ts';
import { createOthers, type Others } from './others.ts';
import { createOwnStreams } from './own-streams.ts';
import type { OwnTracks } from './own-tracks.ts';
import type { Settings } from './settings.ts';
import { mine, type Own } from './state.ts';
import type { Store } from './store.ts';
import type { Watched } from './watched.ts';

interface JoinWith {
  readonly microphone: boolean;
  readonly camera: boolean;
  /** To captions and transcript; without it there is no microphone. */
  readonly consent: boolean;
}

/** What a person can do; every entry is safe to call at any time, and says in the state what came of it. */
export interface Meeting extends Others, Omit<DesiredState, 'tellAgain'> {
  readonly tracks: OwnTracks;
  /** Changes whenever the tracks of others were made anew. */
  readonly media: HeldMedia['box'];
  readonly watched: Watched;
  readonly join: (how: JoinWith) => void;
  readonly setMicrophone: (on: boolean) => Promise<void>;
  readonly setCamera: (on: boolean) => Promise<void>;
  readonly setScreen: (on: boolean) => Promise<void>;
  /** After another device was chosen in the settings. */
  readonly deviceChosen: (wanted: Wanted) => Promise<void>;
  readonly leave: () => Promise<void>;
}

/** The meeting as this page takes part in it: one connection, its media, and what the person does. */
export const createMeeting = (options: {
  readonly socketUrl: string;
  /** The key of this browser. */
  readonly browser: string;
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
  let line: Channel | null = null;
  let iceServers: JoinResponse['iceServers'] = [];
  let device: Promise<Device> | null = null;
  let wanted: JoinWith = { microphone: false, camera: false, consent: false };
  const own = (change: Partial<Own>): void => dispatch({ type: 'own', own: change });
  const notice = (text: string): void => dispatch({ type: 'notice', text, tone: 'problem' });

  /** Runs what a person asked for; a refusal is shown, and a broken line is known already. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof ChannelLost) return;
      notice(error instanceof Refused ? error.message : 'That did not work. Please try again.');
    }
  };
  const asked = (work: (open: Channel) => Promise<unknown>): Promise<void> =>
    attempt(async () => {
      if (line !== null) await work(line);
    });

  const held = createHeldMedia({
    store,
    device: () => device!,
    tell: (news) => told(news),
    // While the line is broken, the next one brings new media with it.
    broken: () => line !== null && connection?.again(),
    attempt,
  });
  const streams = createOwnStreams({
    store,
    settings: options.settings,
    media: () => held.box.get(),
    attempt,
    notice,
  });
  const { tracks } = streams;
  const wishes = createDesiredState({
    store,
    ask: asked,
    catchUp: (open) => catchUp(open),
    endMicrophone: () => streams.endMicrophone(),
  });
  const others = createOthers({ line: () => line, notice });
  const sendAll = async (): Promise<void> => {
    const media = held.box.get();
    if (media !== null) await streams.sendAll(media);
  };
  const makeMedia = (open: Channel): Promise<void> => held.make(open, iceServers).then(sendAll);

  // ---------------------------------------------------------------- coming in, and coming back

  const joined = async (open: Channel, answer: JoinResponse): Promise<void> => {
    const first = get().phase !== 'in';
    line = open;
    ({ iceServers } = answer);
    dispatch({ type: 'joined', joined: answer, atMs: nowMs() });
    // Before anything else is told: it goes on from exactly what the answer says.
    const goesOn = held.takeUp(open, answer);
    if (first) {
      dispatch({ type: 'consented', accepted: wanted.consent });
      own({
        microphone: wanted.consent ? (wanted.microphone ? 'on' : 'muted') : 'off',
        camera: wanted.camera,
      });
    } else if (!goesOn && mine(get())?.microphone === 'muted' && get().own.microphone === 'on') {
      // The host muted while the line was broken.
      own({ microphone: 'muted' });
    }
    await wishes.tellAgain(open, answer);
    await Promise.all([goesOn ? sendAll() : makeMedia(open), catchUp(open)]);
  };

  const catchUp = async (open: Channel): Promise<void> => {
    for (let more = true; more; ) {
      const transcript = await open.request('getTranscript', { since: get().captions.since });
      dispatch({ type: 'transcript', transcript });
      more = transcript.more;
    }
  };

  const told = (news: Notification): void => {
    dispatch({ type: 'told', told: news, atMs: nowMs() });
    held.told(news);
    if (news.notification === 'mediaLost' && line !== null) {
      const open = line;
      // Without media there is no meeting: then everything anew.
      makeMedia(open).catch(() => line === open && connection?.again());
    }
    if (news.notification === 'removed' || news.notification === 'meetingEnded') shut();
  };

  const shut = (): void => {
    connection?.close();
    connection = null;
    line = null;
    held.close();
    tracks.closeAll();
  };

  const meeting: Meeting = {
    tracks,
    media: held.box,
    watched: held.watched,
    join(how) {
      wanted = how;
      // Nobody keeps a microphone open that may not be used.
      if (!how.consent) tracks.close('microphone');
      dispatch({ type: 'joining' });
      connection?.close();
      connection = keepJoined({
        url: options.socketUrl,
        browser: options.browser,
        whyClosed: options.whyClosed,
        place: options.place,
        transports: () => held.transports(),
        load: async (offered) => {
          device ??= loadDevice(offered);
          return (await device).recvRtpCapabilities;
        },
        on: {
          joined: (open, answer) =>
            void joined(open, answer).catch((error: unknown) => {
              // Without media there is no meeting: once more from the beginning.
              if (line === open && !(error instanceof ChannelLost)) connection?.again();
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
      await streams.setMicrophone(on);
    },
    setCamera: (on) => streams.setCamera(on),
    setScreen: (on) => streams.setScreen(on),
    deviceChosen: (kind) => streams.deviceChosen(kind),
    ...others,
    ...wishes,
    async leave() {
      const open = line;
      options.place.set(null);
      // Not waited for: who leaves has left, and a server that does not hear it keeps the place for half a minute.
      const goodbye = open?.request('leave').catch(() => {});
      dispatch({ type: 'over', over: { kind: 'left', sentence: 'You left the meeting.' } });
      held.close();
      tracks.closeAll();
      await goodbye;
      shut();
    },
  };
  return meeting;
};
