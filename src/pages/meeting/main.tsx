import { render } from 'preact';
import './styles/base.css';
import './styles/controls.css';
import './styles/lobby.css';
import './styles/stage.css';
import './styles/captions.css';
import './styles/panel.css';
import './styles/dialogs.css';
import './styles/forced-colors.css';
import './styles/motion.css';
import { createBox } from './box.ts';
import { browserKey } from './browser-key.ts';
import { listDevices, NO_DEVICES } from './devices.ts';
import { fetchInfo, linkOf } from './info.ts';
import { createMeeting } from './meeting.ts';
import { PageContext } from './page-context.ts';
import { App } from './parts/App.tsx';
import { storedResumeToken } from './resume-token.ts';
import { readSettings, writeSettings } from './settings.ts';
import { createStore } from './store.ts';

/** Puts the page together; everything it is made of is handed over here. */
const store = createStore();
const settings = createBox(readSettings(() => localStorage));
settings.subscribe(() => writeSettings(() => localStorage, settings.get()));
const link = linkOf(location.href);
const browser = browserKey(() => localStorage);
const nowMs = () => performance.now();
const meeting = createMeeting({
  socketUrl: link.socketUrl,
  browser,
  // A server that cannot be asked is no reason to give up.
  whyClosed: () =>
    fetchInfo(link.infoUrl, browser).then(
      ({ closed }) => closed,
      () => null,
    ),
  place: storedResumeToken(() => sessionStorage, location.pathname),
  store,
  settings: settings.get,
  nowMs,
});

const devices = createBox(NO_DEVICES);
const refreshDevices = (): void => void listDevices().then(devices.set, () => {});
navigator.mediaDevices?.addEventListener('devicechange', refreshDevices);
// Names of devices are told once one of them is in use.
meeting.tracks.box.subscribe(refreshDevices);
refreshDevices();

const page = { store, meeting, settings, devices, nowMs };
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  document.getElementById('page')!,
);

const loadInfo = (): void =>
  void fetchInfo(link.infoUrl, browser).then(
    (info) => store.dispatch({ type: 'info', info }),
    () => setTimeout(loadInfo, 2_000),
  );
loadInfo();
