import type { MemberId } from '../../core/ids.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import { count, EXAMPLE_NUMBER } from './common.ts';

export const START_CALL = {
  title: 'Start a call',
  number: 'Phone number',
  teammate: 'Or a teammate',
  teammateHint: 'Calls the number in their Slack profile, or the one they saved in Parley.',
  topic: 'What’s it about?',
  channelHint:
    'Everyone in this channel can join. Live captions and the transcript are posted in the thread.',
  missing: 'Enter a phone number or pick a teammate.',
  both: 'Enter a phone number or pick a teammate, not both.',
  lookingUp: 'Looking up who you’re calling…',
  /** `name` empty: unknown. */
  isApp: (name: string): string =>
    `${name || 'That'} is an app and has no phone. Pick a teammate or enter a phone number, e.g. ${EXAMPLE_NUMBER}.`,
  unknownMember: (name: string): string =>
    `Slack didn’t recognize “@${name}”. Type “@” and pick a person from the list, or enter a phone number, ` +
    `e.g. ${EXAMPLE_NUMBER}.`,
} as const;

export const CALL_PLAN = {
  question: (callee: string): string => `Call ${callee}?`,
  topic: (title: string): string => `About: ${title}`,
  callerId: (number: string): string => `They’ll see: ${number}`,
  notice: 'The call is recorded, captioned and transcribed, and they’re told so.',
  inThisChannel: 'Everyone in this channel',
  everyoneIn: 'Everyone in ',
  sees: 'sees the captions and transcript.',
  talkFromBoth: 'Talk from your browser, or from your phone (we’ll call it first).',
  /** `where`: how to save a number. */
  talkFromBrowser: (where: string): string =>
    `Talk from your browser. To use your phone, save its number ${where}.`,
  saveByCommand: (command: string): string => `with “${command} my number +44…”`,
  saveOnHome: 'on Parley’s Home tab',
  call: 'Call',
  callLabel: 'Call, and talk in your browser',
  ownPhone: (number: string): string => `Use my phone (${number})`,
  ownPhoneLabel: (number: string): string => `Use my phone: calls ${number} first`,
  cancelLabel: 'Cancel without calling',
} as const;

export const CALLING = {
  heading: (callee: string): string => `Calling ${callee}…`,
  fromOwnPhone: 'Calling your phone. Answer, and we’ll connect you.',
  awaitingLink: 'Getting your join link…',
  joinNow: 'Join now so you’re there when they pick up.',
  noLink: (reason: string): string => `${reason} The call’s card shows its status.`,
  linkFailed: (reason: string): string => `${reason} Or click “Join” on the call’s card.`,
} as const;

export const CALL_CARD = {
  /** What notifications give; a mention of the member. */
  startedBy: (title: string, memberId: MemberId): string => `${title}: call by <@${memberId}>.`,
  startedByLine: '\nCall by ',
  phone: 'Phone',
  morePhones: (phones: number): string => `${count(phones, 'more phone')}.`,
  since: ' since ',
  noCaller: 'Waiting for the caller to join.',
  noBrowser: 'No one has joined from a browser.',
  present: (names: string): string => `In the call: ${names}`,
  ended: 'Ended. Transcript and talk time are in the thread.',
  endedUnanswered: 'Ended. No one talked.',
} as const;

/** States of one phone, after its name. */
export const PHONE_STATE = {
  waiting: 'Waiting for the caller’s phone',
  ringing: 'Ringing…',
  answered: { unknown: 'Connected', person: 'Connected', machine: 'Voicemail' },
  hungUp: (lengthMs: number | null, by: 'unknown' | 'person' | 'machine'): string => {
    if (lengthMs === null) return 'Ended';
    return `${by === 'machine' ? 'Voicemail' : 'Ended'} · ${formatDuration(lengthMs)}`;
  },
  busy: 'Busy',
  noAnswer: 'No answer',
  cancelled: 'Hung up before anyone answered',
  callFull: 'Answered, but the call was full',
  notCalled: 'Couldn’t be called',
  cutOff: (lengthMs: number): string => `Cut off after ${formatDuration(lengthMs)}`,
} as const;

export const EXTENSION = {
  button: (extension: string): string => `Press ext. ${extension}`,
  label: 'Press the extension on the phone that was called',
} as const;

export const HANG_UP = {
  button: 'Hang up',
  label: 'Hang up and end the call for everyone',
  title: 'Hang up?',
  text: 'This ends the call for everyone.',
  deny: 'Keep talking',
} as const;

export const CALL_HELP = {
  opening:
    'Call a phone with live captions in the thread, and the transcript when the call ends. ' +
    'You’ll see who is called, and confirm, before anything rings.',
  /** What is typed after the command, and what it does. */
  lines: [
    [`${EXAMPLE_NUMBER} about the invoice`, 'calls a number, with “the invoice” as the topic.'],
    ['@teammate', 'calls the number in a teammate’s Slack profile, or the one they saved.'],
    [`my number ${EXAMPLE_NUMBER}`, 'saves your number, so you can talk from your phone.'],
    ['my number', 'shows it, and “my number remove” removes it.'],
    ['settings', 'is for admins: who can call, the recording notice, and what happens to recordings.'],
  ],
} as const;
