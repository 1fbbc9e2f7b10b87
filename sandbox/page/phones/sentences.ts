import type { PhoneBehaviour } from '../../phones/control/contract.ts';
import type { Microphone } from './state.ts';

/** What people read in the phones panel and in the bar of a call. */
export const panel = {
  title: 'Phones',
  detail: 'Demo phones',
  intro:
    'Demo phones ring on this page only, never a real phone. Call one of them from a channel, then answer here and talk.',
  callOne: 'Call one from a channel',
  dialIn: 'Parley’s number, to dial in',
  none: 'This workspace has no demo phones.',
  someone: 'Someone',
  phoneOf: (owner: string) => `${owner}’s phone`,
  phoneNumber: (number: string) => `Phone ${number}`,
  callParley: 'Call Parley',
  whenItRings: 'When it rings',
  behaviourOf: (phone: string, behaviour: string) => `When ${phone} rings: ${behaviour}`,
  change: 'Change',
} as const;

export const call = {
  label: (phone: string) => `Call on ${phone}`,
  answer: 'Answer',
  decline: 'Decline',
  hangUp: 'Hang up',
  mute: 'Mute',
  keypad: 'Keypad',
  keysPressed: 'Keys pressed',
  keysWanted: 'They’re asking you to press keys',
  pressKeys: 'Press or type a key',
  takeAudio: 'Listen and talk',
  playRecording: 'Play a recording',
  recording: 'Recording',
  fromFile: 'From a file…',
  anyRecording: 'Any recording on this computer',
  fileToPlay: 'A recording to play',
  spokenByMachine: 'Spoken to this phone',
  calling: 'Calling…',
  isCalling: 'is calling',
  connected: 'In a call',
  onlyParley: 'In a call · only Parley is on the line',
  someoneCalls: (caller: string) => `${caller} is calling`,
  inCallWith: (other: string) => `In a call with ${other}`,
  rings: (phone: string) => `${phone} is ringing. `,
  notAnswered: (other: string) => `The call with ${other} wasn’t answered.`,
  ended: (other: string, duration: string) => `The call with ${other} ended after ${duration}.`,
  ringing: ' ringing',
} as const;

export const addPhone = {
  title: 'Add a phone',
  number: 'Number',
  owner: 'Name (optional)',
  add: 'Add',
  invalid: 'Include the country code, e.g. +44 20 7946 0199.',
  isParley: 'That is Parley’s own number. Choose another.',
  exists: 'This phone is already in the list.',
} as const;

/** The dialog about a phone that plays recordings. */
export const recordingsDialog = {
  title: 'Plays recordings',
  intro:
    'It answers and plays the first recording once the call is connected, and each further one after the other side has spoken.',
  list: 'Recordings in order',
  empty: 'No recordings: it answers and stays silent.',
  moveUp: (recording: string) => `Move ${recording} up`,
  remove: (recording: string) => `Remove ${recording}`,
  add: 'Add a recording',
  allOf: (speaker: string) => `All of ${speaker}`,
  turns: (count: number) => `${count} recordings of a conversation`,
  fileToAdd: 'A recording to add',
  delay: 'Seconds until it answers',
  keys: 'Keys it presses when asked (optional)',
  keysHint: 'Only 0 to 9, * and #',
  hangsUp: 'Hangs up after the last recording',
  cancel: 'Cancel',
  save: 'Save',
} as const;

type BehaviourType = PhoneBehaviour['type'];

/** In the order of the menu. */
export const BEHAVIOURS: readonly {
  readonly type: BehaviourType;
  readonly label: string;
  readonly detail: string;
}[] = [
  { type: 'ring', label: 'Rings here', detail: 'You answer it on this page' },
  { type: 'answer', label: 'Plays recordings', detail: 'Answers and talks like a person' },
  { type: 'voicemail', label: 'Goes to voicemail', detail: 'A greeting, a beep, then it records' },
  { type: 'busy', label: 'Is busy', detail: 'The caller gets a busy signal' },
  { type: 'no-answer', label: 'No answer', detail: 'It rings until the caller gives up' },
  { type: 'decline', label: 'Declines', detail: 'It rings briefly, then declines' },
  { type: 'unreachable', label: 'Unreachable', detail: 'The network can’t find this phone' },
];

export const behaviourLabel = (behaviour: PhoneBehaviour): string =>
  BEHAVIOURS.find(({ type }) => type === behaviour.type)?.label ?? behaviour.type;

/** "Plays ben-1 to ben-3, presses 12# when asked, then hangs up." */
export function recordingsSummary(recordings: string, keys: string | undefined, hangsUp: boolean): string {
  const plays = recordings === '' ? 'Stays silent' : `Plays ${recordings}`;
  const presses = keys === undefined ? '' : `, presses ${keys} when asked`;
  return `${plays}${presses}, then ${hangsUp ? 'hangs up' : 'stays on the line'}.`;
}

/** Why the other side does not receive the visitor's audio; null when it does, or soon will. */
export function microphoneProblem(microphone: Microphone): string | null {
  switch (microphone) {
    case 'pending':
    case 'on':
      return null;
    case 'denied':
      return 'They can’t hear you: the microphone is blocked. Allow it in the browser’s address bar.';
    case 'missing':
      return 'They can’t hear you: no microphone was found. You can still play a recording.';
    case 'insecure':
      return 'They can’t hear you: browsers only allow a microphone on 127.0.0.1 or https.';
  }
}
