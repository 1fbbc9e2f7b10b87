import type { Device } from 'mediasoup-client';
import type { JoinResponse, Notification } from '../../media/signalling/messages.ts';
import { ChannelLost } from '../shared/request-channel.ts';
import type { DeviceKind } from './media/devices.ts';
import { createLocalStreams, type LocalStreams } from './media/local-streams.ts';
import { loadDevice } from './media/media.ts';
import { createResumableMedia, type ResumableMedia } from './media/resumable-media.ts';
import { ENDINGS } from './sentences.ts';
import type { Channel } from './signalling/channel.ts';
import { type Connection, openConnection } from './signalling/connection.ts';
import { createDesiredState, type DesiredState } from './signalling/desired-state.ts';
import { errorSentence } from './signalling/error-sentence.ts';
import { createMeetingActions, type MeetingActions } from './signalling/meeting-actions.ts';
import type { ResumeTokenStore } from './signalling/resume-token.ts';
import { declinedBy } from './state/capture.ts';
import { endsByLeaving } from './state/departure.ts';
import type { Settings } from './state/settings.ts';
import { type Ending, kindOf, type LocalMedia, localPeer, type State } from './state/state.ts';
import type { Store } from './state/store.ts';

interface JoinChoices {
  readonly microphone: boolean;
  readonly camera: boolean;
  /** To captions and transcript; without it there is no microphone. */
  readonly consent: boolean;
}

/** What a person can do. Everything may be called at any time, and its outcome is in the state. */
export interface Meeting extends MeetingActions, Omit<DesiredState, 'sync'> {
  readonly tracks: LocalStreams['tracks'];
  /** Remote tracks are new whenever it changes. */
  readonly media: ResumableMedia['current'];
  readonly videoSubscriptions: ResumableMedia['videoSubscriptions'];
  readonly join: (choices: JoinChoices) => void;
  readonly setMicrophone: (on: boolean) => Promise<void>;
  readonly setCamera: (on: boolean) => Promise<void>;
  readonly setScreen: (on: boolean) => Promise<void>;
  /** After another device was chosen in the settings. */
  readonly deviceChanged: (kind: DeviceKind) => Promise<void>;
  readonly devicesListed: LocalStreams['devicesListed'];
  readonly microphoneInterrupted: LocalStreams['microphoneInterrupted'];
  readonly leave: () => Promise<void>;
  /** Ends a call for everyone. Without a connection this page leaves, and the server ends it a little later. */
  readonly hangUp: () => Promise<void>;
}

/** This page's part in a meeting: one connection, its media, and what the person does. */
export const createMeeting = (options: {
  readonly socketUrl: string;
  /** The key of this browser. */
  readonly browser: string;
  /** Why the meeting cannot be joined, as a sentence; null when it can. */
  readonly whyClosed: () => Promise<string | null>;
  readonly resumeToken: ResumeTokenStore;
  readonly store: Store;
  readonly settings: () => Settings;
  /** Monotonic. */
  readonly nowMs: () => number;
}): Meeting => {
  const { store, nowMs, resumeToken } = options;
  const { dispatch, get } = store;
  const kind = () => kindOf(get());
  let connection: Connection | null = null;
  /** Null while it is lost. */
  let channel: Channel | null = null;
  let iceServers: JoinResponse['iceServers'] = [];
  let device: Promise<Device> | null = null;
  let choices: JoinChoices = { microphone: false, camera: false, consent: false };
  const setLocalMedia = (change: Partial<LocalMedia>): void => dispatch({ type: 'local-media', change });
  const showError = (text: string): void => dispatch({ type: 'notice', text, tone: 'error' });

  /** Runs what a person does, and shows an error. A lost channel is shown by itself. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ChannelLost)) showError(errorSentence(error));
    }
  };

  const media = createResumableMedia({
    store,
    device: () => device!,
    notify: (missed) => handleNotification(missed),
    // While the channel is lost, the next one opens new media anyway.
    failed: () => channel !== null && connection?.reconnect(),
    attempt,
  });
  const streams = createLocalStreams({
    store,
    settings: options.settings,
    media: media.current.get,
    attempt,
    showError,
  });
  const { tracks } = streams;
  const fetchTranscript = async (open: Channel): Promise<void> => {
    for (let more = true; more; ) {
      const transcript = await open.request('getTranscript', { since: get().captions.since });
      dispatch({ type: 'transcript', transcript });
      more = transcript.more;
    }
  };
  const { sync, ...desiredState } = createDesiredState({
    store,
    withChannel: (work) =>
      attempt(async () => {
        if (channel !== null) await work(channel);
      }),
    fetchTranscript,
    stopMicrophone: streams.stopMicrophone,
  });

  const sendAll = async (): Promise<void> => {
    const open = media.current.get();
    if (open !== null) await streams.sendAll(open);
  };
  const openMedia = (open: Channel): Promise<void> => media.open(open, iceServers).then(sendAll);

  const joined = async (open: Channel, join: JoinResponse): Promise<void> => {
    const isFirst = get().phase !== 'joined';
    channel = open;
    ({ iceServers } = join);
    dispatch({ type: 'joined', join, atMs: nowMs() });
    // Before any further notification, which assumes exactly what the response says.
    const isResumed = media.resume(open, join);
    if (isFirst) {
      dispatch({ type: 'consent', accepted: choices.consent });
      setLocalMedia({
        microphone: choices.consent ? (choices.microphone ? 'on' : 'muted') : 'off',
        camera: choices.camera,
      });
    } else if (!isResumed && localPeer(get())?.microphone === 'muted' && isMicrophoneOn()) {
      // The host muted it while the channel was lost.
      setLocalMedia({ microphone: 'muted' });
    }
    await sync(open, join);
    await Promise.all([isResumed ? sendAll() : openMedia(open), fetchTranscript(open)]);
  };
  const isMicrophoneOn = (): boolean => get().localMedia.microphone === 'on';

  const handleNotification = (notification: Notification): void => {
    dispatch({ type: 'notification', notification, atMs: nowMs() });
    media.handleNotification(notification);
    const name = notification.notification;
    if (name === 'mediaLost' && channel !== null) {
      const open = channel;
      openMedia(open).catch(() => channel === open && connection?.reconnect());
    }
    if (name === 'removed' || name === 'meetingEnded') shutDown();
  };

  const closeMedia = (): void => {
    media.close();
    tracks.closeAll();
  };
  const shutDown = (): void => {
    connection?.close();
    connection = null;
    channel = null;
    closeMedia();
  };

  const connect = (): Connection =>
    openConnection({
      url: options.socketUrl,
      kind,
      browser: options.browser,
      whyClosed: options.whyClosed,
      resumeToken,
      transports: () => media.transports(),
      load: async (routerRtpCapabilities) => {
        device ??= loadDevice(routerRtpCapabilities);
        return (await device).recvRtpCapabilities;
      },
      on: {
        joined: (open, join) =>
          void joined(open, join).catch((error: unknown) => {
            // Without media there is no meeting: join again.
            if (channel === open && !(error instanceof ChannelLost)) connection?.reconnect();
          }),
        notification: handleNotification,
        unresponsive: (unresponsive) => dispatch({ type: 'channel-unresponsive', unresponsive }),
        lost: () => {
          channel = null;
          dispatch({ type: 'channel-lost' });
        },
        joinFailed: (sentence) => dispatch({ type: 'join-failed', sentence }),
        ended: (ending) => {
          shutDown();
          dispatch({ type: 'ended', ending });
        },
      },
    });

  const actions = createMeetingActions({ channel: () => channel, showError });
  const leave = async (): Promise<void> => {
    const open = channel;
    resumeToken.set(null);
    // Not awaited before the page shows it: without this request the server keeps the participant for half a minute.
    const sent = open?.request('leave').catch(() => {});
    dispatch({ type: 'ended', ending: endingByLeaving(get()) });
    closeMedia();
    await sent;
    shutDown();
  };
  return {
    tracks,
    media: media.current,
    videoSubscriptions: media.videoSubscriptions,
    join(chosen) {
      choices = chosen;
      // A microphone that may not be used is not kept open.
      if (!chosen.consent) tracks.close('microphone');
      dispatch({ type: 'joining' });
      connection?.close();
      connection = connect();
    },
    async setMicrophone(on) {
      if (on && !get().consented) {
        if (declinedBy(get()) === null) return dispatch({ type: 'dialog', dialog: { kind: 'consent' } });
        await desiredState.setConsent(true);
      }
      await streams.setMicrophone(on);
    },
    setCamera: streams.setCamera,
    setScreen: streams.setScreen,
    deviceChanged: streams.deviceChanged,
    devicesListed: streams.devicesListed,
    microphoneInterrupted: streams.microphoneInterrupted,
    ...actions,
    ...desiredState,
    leave,
    hangUp: () => (channel === null ? leave() : actions.endForEveryone()),
  };
};

const endingByLeaving = (state: State): Ending => {
  const kind = kindOf(state);
  return endsByLeaving(state)
    ? { kind: 'ended', sentence: ENDINGS.ended(kind) }
    : { kind: 'left', sentence: ENDINGS.left(kind) };
};
