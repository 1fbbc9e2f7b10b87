import type { MeetingConversation } from '../core/conversation/types.ts';
import { type Capture, captureWords, declinerOf, isRecorded } from '../core/meeting/capture.ts';

/** Everything that flows say to people: in Slack, on the meeting page, and by a name that a phone speaks. */

type Kind = MeetingConversation['kind'];

/** A person whose name is unknown. */
export const SOMEONE = 'Someone';

export const RECORDINGS = {
  inProgress: 'Parley is already transcribing this. The result will be in the thread.',
  almostDone: 'This is already transcribed. The result will be in the thread in a moment.',
  done: 'This is already transcribed. The result is in the thread.',
} as const;

export const RESULTS = {
  notNamedYet: 'There is no transcript yet. Name the speakers once the result is in the thread.',
  notSharedYet: 'There is no transcript yet. Share it once the result is in the thread.',
  alreadyShared: (format: string) => `The ${format.toUpperCase()} file is already in this thread.`,
  sent: (format: string, title: string) =>
    `Here is the transcript of “${title}” as a ${format.toUpperCase()} file.`,
  alreadySent: (format: string) =>
    `You have the ${format.toUpperCase()} file already. It’s in your messages with Parley.`,
  notTranscribed: (title: string, reason: string) => `“${title}” couldn’t be transcribed. ${reason}`,
  inMessages: (reason: string) => `The transcript can’t be attached as a file, so it follows here. ${reason}`,
  notShared: (format: string, title: string, reason: string) =>
    `The ${format.toUpperCase()} file of “${title}” couldn’t be shared. ${reason}`,
} as const;

/** For people of another organization, in a channel that is shared with it. */
export const EXTERNAL = {
  join: 'People from other organizations can’t join in a browser. Ask someone in this workspace.',
  start: 'People from other organizations can’t start meetings or calls here. Ask someone in this workspace.',
  hangUp: 'People from other organizations can’t end this call. Ask someone in this workspace.',
} as const;

export const MEETINGS = {
  noAddress: 'Meetings aren’t set up in this workspace yet. Your Parley admin needs to set PUBLIC_URL.',
  hostOnly: 'Only the host can end this meeting.',
  alreadyEnded: (kind: Kind) => `This ${kind} has already ended.`,
  notOpened: (title: string, reason: string) => `“${title}” couldn’t be opened. ${reason}`,

  notFound: 'We can’t find this meeting. Press Join on the meeting’s card in Slack for a new link.',
  notOpenYet: (kind: Kind) => `This ${kind} isn’t open yet. Try again in a moment.`,
  noOneJoined: 'This meeting closed because no one joined. Start a new one from its card in Slack.',
  ended: (kind: Kind) => `This ${kind} has ended. The transcript is in its thread in Slack.`,
  removed: (kind: Kind) => `The host removed you from this ${kind}.`,
  linkTaken:
    'This link was opened in another browser first and works only there. Press Join on the card in Slack to get your own.',
  linkExpired: 'This link has expired. Press Join on the card in Slack for a new one.',
  oldPage: 'Parley was updated. Reload this page.',
  restarting: 'Parley is restarting. Try again in a moment.',
  /** Each of `gaps` is a name with a length of time. */
  captionsIncomplete: (gaps: readonly string[]) =>
    `The captions are incomplete. The transcription service wasn’t available for part of what was said by ${gaps.join(', ')}.`,
  captionsUnsaved: 'Captions are not being saved right now. Parley keeps them and tries again.',
  /** In place of the title, for a link that belongs to another browser. */
  untitled: (kind: Kind) => (kind === 'call' ? 'Call' : 'Meeting'),
} as const;

export const CALLS = {
  noPhones: 'Calling isn’t set up yet. Your Parley admin needs to connect a Twilio account.',
  adminsOnly: 'Only workspace admins can change call settings.',
  noOwnNumber: 'Add your phone number on Parley’s Home tab first. Then call again.',
  toYourself: 'You can’t call yourself. Pick a teammate or enter a number.',
  noNumberOf: (name: string) =>
    `${name} has no phone number here. They can add one to their Slack profile, or save it on Parley’s Home tab.`,
  badNumberOf: (name: string, reason: string) => `${name}’s number can’t be called. ${reason}`,
  titleOf: (name: string) => `Call to ${name}`,
  noPhoneIntoEnded: (kind: Kind) => `This ${kind} has ended, so no phone can be added.`,
  extensionTooEarly: 'The phone hasn’t been answered yet. Press the extension once it is.',
  notPlaced: 'Parley was restarting. Call again.',
  noAudio:
    'It was answered, but its audio couldn’t be connected. Your Parley admin can find the reason with npm run doctor.',
  lost: 'The connection to this phone was lost.',
  recordingNotReady: 'The recording of this call isn’t available yet.',
  declined: (name: string) =>
    `${name} declined recording and transcription. From here on, this call is neither recorded nor transcribed.`,
  endedInNotice: 'This call ended during the recording notice, so there’s no transcript.',
  recordingKept: 'The recording is kept.',
  recordingDeleted: 'The recording was deleted.',
} as const;

/** What becomes of what people say, on the card. Null where someone declined, which the card says by itself. */
export const captureSentence = (capture: Capture): string | null => {
  const words = captureWords(capture);
  if (words === null) {
    return declinerOf(capture.recording) === null ? 'Captions are off. Nothing is transcribed.' : null;
  }
  const what = `This ${capture.kind} is ${words}.`;
  if (!isRecorded(capture)) return what;
  return `${what} The recording is ${capture.kept ? 'kept' : 'deleted after that'}.`;
};

export const speakerName = (party: number): string => `Speaker ${party + 1}`;
