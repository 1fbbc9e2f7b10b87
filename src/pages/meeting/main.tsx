import { render } from 'preact';
import '../shared/styles/base.css';
import '../shared/styles/buttons.css';
import './styles/index.css';
import { createObservable, selectFrom } from '../shared/observable.ts';
import { parsePageLink } from '../shared/page-link.ts';
import { App } from './components/App.tsx';
import { PageContext } from './components/page-context.ts';
import { listDevices, NO_DEVICES } from './media/devices.ts';
import { watchInterruption } from './media/interruption.ts';
import { meterLevel } from './media/level-meter.ts';
import { watchMutedSpeech } from './media/muted-speech.ts';
import { keepScreenOn } from './media/wake-lock.ts';
import { createMeeting } from './meeting.ts';
import { browserKey } from './signalling/browser-key.ts';
import { fetchMeetingInfo } from './signalling/meeting-info.ts';
import { createResumeTokenStore } from './signalling/resume-token.ts';
import { readSettings, writeSettings } from './state/settings.ts';
import { isMuted } from './state/state.ts';
import { createStore } from './state/store.ts';

const INFO_RETRY_MS = 2_000;

const store = createStore();
const settings = createObservable(readSettings(() => localStorage));
settings.subscribe(() => writeSettings(() => localStorage, settings.get()));
const link = parsePageLink(location.href);
const browser = browserKey(() => localStorage);
const nowMs = () => performance.now();
const meeting = createMeeting({
  socketUrl: link.socketUrl,
  browser,
  // A server that cannot be reached is no reason to give up.
  whyClosed: () =>
    fetchMeetingInfo(link.infoUrl, browser).then(
      ({ closed }) => closed,
      () => null,
    ),
  resumeToken: createResumeTokenStore(() => sessionStorage, location.pathname),
  store,
  settings: settings.get,
  nowMs,
});

const devices = createObservable(NO_DEVICES);
const refreshDevices = (): void => void listDevices().then(devices.set, () => {});
navigator.mediaDevices?.addEventListener('devicechange', refreshDevices);
// Browsers give the labels of devices once one of them is in use.
meeting.tracks.current.subscribe(refreshDevices);
devices.subscribe(() => meeting.devicesListed(devices.get()));
refreshDevices();

watchInterruption({
  track: selectFrom(meeting.tracks.current, ({ microphone }) => microphone),
  page: document,
  changed: (interrupted) => void meeting.microphoneInterrupted(interrupted),
  lost: () => void meeting.deviceChanged('microphone'),
});
watchMutedSpeech({
  microphone: selectFrom(meeting.tracks.current, ({ microphone }) => microphone),
  isMuted: selectFrom(store, isMuted),
  meter: meterLevel,
  nowMs,
  speaking: () => store.dispatch({ type: 'spoke-muted', shown: true }),
});
keepScreenOn({
  isNeeded: selectFrom(store, ({ phase }) => phase === 'joined'),
  wakeLock: navigator.wakeLock as WakeLock | undefined,
  page: document,
});

render(
  <PageContext.Provider value={{ store, meeting, settings, devices, nowMs }}>
    <App />
  </PageContext.Provider>,
  document.getElementById('page')!,
);

const loadInfo = (): void =>
  void fetchMeetingInfo(link.infoUrl, browser).then(
    (info) => store.dispatch({ type: 'info', info }),
    () => setTimeout(loadInfo, INFO_RETRY_MS),
  );
loadInfo();
