import { register as registerEndMeeting } from './actions/end-meeting.ts';
import { register as registerExport } from './actions/export.ts';
import { register as registerJoinMeeting } from './actions/join-meeting.ts';
import { register as registerNameSpeakers } from './actions/name-speakers.ts';
import { register as registerOpenAddress } from './actions/open-address.ts';
import { register as registerRetry } from './actions/retry.ts';
import { register as registerStartMeetingClicked } from './actions/start-meeting.ts';
import { register as registerTranscribeLink } from './actions/transcribe-link.ts';
import { register as registerMeet } from './commands/meet.ts';
import { register as registerTranscribe } from './commands/transcribe.ts';
import type { ListenerDeps, Registry } from './deps.ts';
import { register as registerAppHomeOpened } from './events/app-home-opened.ts';
import { register as registerAppMention } from './events/app-mention.ts';
import { register as registerMessage } from './events/message.ts';
import { register as registerStartMeetingChosen } from './shortcuts/start-meeting.ts';
import { register as registerTranscribeMessage } from './shortcuts/transcribe-message.ts';
import { register as registerNamesSubmitted } from './views/name-speakers.ts';
import { register as registerStartMeetingSubmitted } from './views/start-meeting.ts';

/** Everything Parley listens to. manifest.yml is held against this. */
export const registerListeners = (app: Registry, deps: ListenerDeps): void => {
  registerMessage(app, deps);
  registerAppMention(app, deps);
  registerAppHomeOpened(app, deps);
  registerTranscribe(app, deps);
  registerMeet(app, deps);
  registerTranscribeMessage(app, deps);
  registerStartMeetingChosen(app, deps);
  registerRetry(app, deps);
  registerExport(app, deps);
  registerNameSpeakers(app, deps);
  registerTranscribeLink(app, deps);
  registerOpenAddress(app);
  registerJoinMeeting(app, deps);
  registerEndMeeting(app, deps);
  registerStartMeetingClicked(app, deps);
  registerNamesSubmitted(app, deps);
  registerStartMeetingSubmitted(app, deps);
};
