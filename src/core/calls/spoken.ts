import type { MeetingConversation } from '../conversation/types.ts';

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

/** The notice of a workspace that has not written its own. */
export const DEFAULT_NOTICE =
  'Hello. {caller} is calling you through Parley. This call is recorded and transcribed. ' +
  `If you do not want that, press ${DECLINE_KEY} at any time; the call then continues without it.`;

export const UNNAMED_CALLER = 'Someone';

const MAY_DECLINE = `If you do not want that, press ${DECLINE_KEY} at any time.`;

/** To those who know of the call: they asked for it, or dialled in. */
export const spokenOpening = (
  role: 'caller' | 'inbound',
  { kind, title }: Pick<MeetingConversation, 'kind' | 'title'>,
): string => {
  const recorded = kind === 'call' ? 'It is recorded and transcribed.' : 'What you say is transcribed.';
  const what =
    role === 'caller'
      ? 'Parley is placing your call.'
      : kind === 'meeting'
        ? `You are joining the meeting: ${title}.`
        : 'You are joining a call.';
  return `${what} ${recorded} ${MAY_DECLINE}`;
};
