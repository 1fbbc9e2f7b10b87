import type { MeetingConversation } from '../conversation/types.ts';
import { type Capture, captureWords, declinerOf } from '../meeting/capture.ts';
import type { LegRole } from './types.ts';

/** The key that declines recording and transcription. */
export const DECLINE_KEY = '9';

/** Everything that is spoken on phones, except a workspace's own notice. */
export const SPOKEN = {
  over: 'This call has ended. Goodbye.',
  /** To one phone, while the others keep talking. */
  hungUp: 'The other side has hung up. Goodbye.',
  tooLong: 'This call has reached its time limit. Goodbye.',
  /** After the reason why the room is full. */
  tryLater: 'Please try again later. Goodbye.',
  declined: 'You will not be recorded or transcribed.',
  connected: 'You are connected.',
  again: 'You are connected again.',
  /** The audio broke off, and may be back in a moment. */
  broken: 'One moment, please. Your call is being reconnected.',
  noAudio: 'Sorry, this call could not be connected. Goodbye.',
  /** Parley has just started, or the audio could not be connected. */
  notReady: 'One moment, please.',

  welcome: 'Welcome to Parley. Please enter the PIN of your meeting, then press pound or hash.',
  wrongPin: 'There is no meeting with this PIN. Please try again, then press pound or hash.',
  wrongPinAtLast: 'There is no meeting with this PIN. Goodbye.',
  tooManyPins: 'There were too many wrong PINs. Please try again later. Goodbye.',
} as const;

/** The notice of a workspace that has not written its own, as its admins see it. */
export const DEFAULT_NOTICE =
  'Hello. {caller} is calling you through Parley. This call is recorded and transcribed. ' +
  `If you do not want that, press ${DECLINE_KEY} at any time; the call then continues without it.`;

export const UNNAMED_CALLER = 'Someone';

const MAY_DECLINE = `If you do not want that, press ${DECLINE_KEY} at any time.`;
const CALL_GOES_ON = `If you do not want that, press ${DECLINE_KEY} at any time; the call then continues without it.`;

/** Where the workspace's own notice does not apply. `caller`: the name of who calls. */
export const spokenOpening = (
  role: LegRole,
  { title }: Pick<MeetingConversation, 'title'>,
  caller: string,
  capture: Capture,
): string => `${whoCalls(role, title, caller, capture.kind)} ${whatHappens(role, capture)}`;

const whoCalls = (role: LegRole, title: string, caller: string, kind: Capture['kind']): string => {
  switch (role) {
    case 'caller':
      return 'Parley is placing your call.';
    case 'inbound':
      return kind === 'meeting' ? `You are joining the meeting: ${title}.` : 'You are joining a call.';
    case 'callee':
    case 'added':
      return `Hello. ${caller} is calling you through Parley${kind === 'meeting' ? `, into the meeting: ${title}` : ''}.`;
  }
};

/** Exactly what is done with what they say, and how to decline it. */
const whatHappens = (role: LegRole, capture: Capture): string => {
  const { kind, recording } = capture;
  if (declinerOf(recording) !== null) return 'This call is not recorded or transcribed.';
  const words = captureWords(capture);
  if (words === null) {
    return `Captions are off. If they are turned on, what you say is captioned and transcribed. ${MAY_DECLINE}`;
  }
  const isAsked = role === 'callee' || role === 'added';
  return kind === 'meeting'
    ? `What you say is ${words}. ${MAY_DECLINE}`
    : `This call is ${words}. ${isAsked ? CALL_GOES_ON : MAY_DECLINE}`;
};
