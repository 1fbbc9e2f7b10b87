import { type Capture, captureWords } from '../../core/meeting/capture.ts';

/** Everything that people read on the meeting page, or that a screen reader says. */

/** What the page is about: calls take place on the same page. */
export type MeetingKind = 'meeting' | 'call';

export const SOMETHING_WENT_WRONG = 'Something went wrong. Try again.';
export const SOMEONE = 'Someone';
export const YOU = 'You';
const withYou = (name: string): string => `${name} (you)`;

// ---------------------------------------------------------------- opening and joining

export const OPENING = 'Opening…';
export const UNKNOWN_LINK =
  'We can’t find this meeting. Ask for a new link: Join on the meeting’s card in Slack.';

export const LOBBY = {
  preview: 'Your preview',
  eyebrow: (kind: MeetingKind): string => (kind === 'call' ? 'Parley call' : 'Parley meeting'),
  joiningAs: 'Joining as',
  host: 'Host',
  microphone: 'Microphone',
  camera: 'Camera',
  yourCamera: 'Your camera',
  cameraOff: 'Your camera is off',
  microphoneLevel: 'Microphone level',
  microphoneOff: 'Your microphone is off.',
  testMicrophone: 'Say something to test your microphone.',
  tryAgain: 'Try again',
  join: 'Join now',
  joinMuted: 'Join muted',
  joining: 'Joining…',
  checkConnection: 'Test your connection',
} as const;

export const JOIN_ERRORS = {
  unreachable: (kind: MeetingKind): string => `Can’t reach the ${kind}. Check your connection and try again.`,
  unsupportedBrowser: 'This browser isn’t supported. Use a current Chrome, Firefox or Safari.',
} as const;

// ---------------------------------------------------------------- devices

export const DEVICES = {
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
} as const;

type Device = 'microphone' | 'camera';

export const DEVICE_ERRORS = {
  insecurePage: 'Browsers allow cameras and microphones only on https:// pages. Open this page’s https link.',
  blocked: (device: Device): string =>
    `Your browser is blocking the ${device}. Allow it in the address bar or browser settings, then try again.`,
  notFound: (device: Device): string => `No ${device} found. Plug one in and try again, or go on without it.`,
  inUse: (device: Device): string =>
    `Can’t use the ${device}. Another app may be using it: close that app and try again.`,
  failed: (device: Device): string => `The ${device} didn’t start. Try again or choose another one.`,
} as const;

export const DEVICE_NOTICES = {
  cameraStopped: 'Your camera stopped. Turn it on again, or choose another one in Settings.',
  microphoneStopped: (error: string): string => `Your microphone stopped. ${error}`.trimEnd(),
  microphoneReplaced: (label: string): string => `Your microphone stopped. Now using “${label}”.`,
  sharingScreen: 'You’re sharing your screen.',
} as const;

// ---------------------------------------------------------------- the meeting

export const TOP_BAR = {
  untitled: 'Meeting',
  elapsed: 'Time elapsed',
  captionsDelayed: 'Captions are delayed',
  captionsUnsaved: 'Captions are not being saved',
} as const;

export const STAGE = {
  label: (kind: MeetingKind): string => `People in the ${kind}`,
  others: 'Everyone else',
  alone: 'You’re the only one here. Others can join from the card in Slack.',
  ringing: (names: readonly string[]): string => `Ringing ${names.join(' and ')}…`,
  person: (name: string, isLocal: boolean): string => (isLocal ? withYou(name) : name),
  screen: (name: string, isLocal: boolean): string => (isLocal ? 'Your screen' : `${name}’s screen`),
  camera: (name: string, isLocal: boolean): string => (isLocal ? 'Your camera' : `${name}’s camera`),
  reconnecting: 'Reconnecting…',
  handRaised: 'Hand raised',
  muted: 'Muted',
  noMicrophone: 'No microphone',
  pin: (name: string): string => `Pin ${name}`,
  turnOnAudio: 'Turn on audio',
} as const;

export const MICROPHONE_INTERRUPTED =
  'Your microphone is paused by your device, as during a phone call. Others can’t hear you.';

/** To someone who speaks. */
export const MUTED = (shortcuts: boolean): string =>
  shortcuts ? 'You’re muted. Press M to unmute.' : 'You’re muted. Unmute to be heard.';

export const CONNECTION_STATES = {
  unresponsive: 'Your connection is unstable. Others may not hear you.',
  lost: 'Reconnecting…',
} as const;
export const NOT_CONNECTED = 'You’re not connected right now. Try again once you’re back.';

/** Of buttons that do one thing while on and another while off. */
export const CONTROLS = {
  label: (kind: MeetingKind): string => (kind === 'call' ? 'Call controls' : 'Meeting controls'),
  microphone: { on: 'Mute', off: 'Unmute' },
  camera: { on: 'Turn camera off', off: 'Turn camera on' },
  screen: { on: 'Stop sharing', off: 'Share screen' },
  hand: { on: 'Lower hand', off: 'Raise hand' },
  captions: { on: 'Hide captions', off: 'Show captions' },
  transcript: 'Transcript',
  people: 'People',
  settings: 'Settings',
  leave: (kind: MeetingKind): string => (kind === 'call' ? 'Hang up' : 'Leave'),
} as const;

export const SHORTCUTS = [
  { key: 'M', action: 'Mute or unmute' },
  { key: 'V', action: 'Camera on or off' },
  { key: 'S', action: 'Share your screen, or stop' },
  { key: 'H', action: 'Raise or lower your hand' },
  { key: 'C', action: 'Show or hide captions' },
  { key: 'T', action: 'Show or hide the transcript' },
  { key: 'P', action: 'Show or hide people' },
  { key: '?', action: 'Show these shortcuts' },
] as const;

// ---------------------------------------------------------------- notices

export const NOTICES = {
  dismiss: 'Dismiss',
  joined: (name: string): string => `${name} joined.`,
  left: (name: string): string => `${name} left.`,
  handRaised: (name: string): string => `${name} raised a hand.`,
  screenShared: (name: string): string => `${name} is sharing a screen.`,
  mutedYou: (name: string): string => `${name} muted you.`,
  captionsOn: 'Captions are on for everyone.',
  captionsOff: 'The host turned captions off.',
  phone: {
    busy: (name: string): string => `${name} is busy.`,
    'no-answer': (name: string): string => `${name} didn’t answer.`,
    failed: (name: string): string => `Couldn’t reach ${name}.`,
    'room-full': (name: string): string => `${name} couldn’t join: it’s full.`,
  },
} as const;

// ---------------------------------------------------------------- side panel

export const PANEL = {
  titles: { people: 'People', transcript: 'Transcript' },
  close: (title: string): string => `Close ${title.toLowerCase()}`,
} as const;

export const CAPTIONS = {
  log: 'Captions',
} as const;

export const TRANSCRIPT = {
  label: 'Transcript',
  search: 'Search the transcript',
  searchPlaceholder: 'Search transcript',
  noResults: (query: string): string => `No results for “${query}”.`,
  empty: 'The transcript appears here when someone speaks.',
  captionsOff: 'Captions are off.',
  captionsHidden: 'You turned captions off on this device.',
  showCaptions: 'Show captions',
} as const;

export const TALK_TIME = {
  label: 'Talk time',
  share: (duration: string, percent: number): string => `${duration}, ${percent} percent`,
} as const;

export const PEOPLE = {
  host: 'Host',
  onPhone: 'On the phone',
  reconnecting: 'Reconnecting',
  sharingScreen: 'Sharing a screen',
  handRaised: 'Hand raised',
  microphoneOn: 'Microphone on',
  muted: 'Muted',
  mutedLabel: (name: string): string => `${name} is muted`,
  mute: 'Mute',
  unmute: 'Unmute',
  remove: 'Remove',
  hangUp: 'Hang up',
  act: (action: string, name: string): string => `${action} ${name}`,
  captionsForEveryone: 'Captions for everyone',
} as const;

export const PHONES = {
  label: 'Phones not in the meeting',
  states: {
    ringing: 'Ringing…',
    busy: 'Busy',
    'no-answer': 'No answer',
    failed: 'Couldn’t be reached',
    'room-full': 'Call full',
  },
  stop: 'Stop calling',
  stopLabel: (name: string): string => `Stop calling ${name}`,
  remove: 'Remove',
  removeLabel: (name: string): string => `Remove ${name} from the list`,
  add: 'Add a phone',
} as const;

// ---------------------------------------------------------------- dialogs

const CANCEL = 'Cancel';
const DONE = 'Done';

export const LEAVE_DIALOG = {
  title: (kind: MeetingKind): string => (kind === 'call' ? 'Hang up?' : 'Leave or end the meeting?'),
  /** `others`: whether anyone else is here. Of a call only where they are. */
  text: (kind: MeetingKind, others: boolean): string => {
    if (kind === 'call') return 'If you leave, the others keep talking.';
    return others
      ? 'If you leave, the others can keep going.'
      : 'No one else is here. If you leave, the meeting ends unless someone joins soon.';
  },
  cancel: CANCEL,
  leave: (kind: MeetingKind): string => (kind === 'call' ? 'Just leave' : 'Leave'),
  end: (kind: MeetingKind): string => (kind === 'call' ? 'Hang up for everyone' : 'End for everyone'),
} as const;

export const REMOVE_DIALOG = {
  title: (name: string): string => `Remove ${name}?`,
  text: (name: string, kind: MeetingKind): string =>
    `${name} is disconnected right away and can’t rejoin this ${kind}.`,
  cancel: CANCEL,
  remove: 'Remove',
} as const;

export const PHONE_DIALOG = {
  title: 'Add a phone',
  number: 'Phone number',
  example: '+44 20 7946 0000',
  about: (capture: Capture): string => {
    const words = captureWords(capture);
    return words === null
      ? 'We’ll call right away.'
      : `We’ll call right away. They’ll hear that the ${capture.kind} is ${words}.`;
  },
  cancel: CANCEL,
  call: 'Call',
} as const;

export const SETTINGS_DIALOG = {
  title: 'Settings',
  devices: 'Devices',
  captions: 'Captions',
  textSize: 'Text size',
  sizes: { small: 'Small', medium: 'Medium', large: 'Large', huge: 'Extra large' },
  position: 'Position',
  positions: { bottom: 'Bottom', top: 'Top' },
  lines: 'Lines',
  shortcuts: 'Keyboard shortcuts',
  done: DONE,
} as const;

export const SHORTCUTS_DIALOG = {
  title: 'Keyboard shortcuts',
  enabled: 'Use these shortcuts',
  done: DONE,
} as const;

// ---------------------------------------------------------------- the end

export const ENDINGS = {
  left: (kind: MeetingKind): string => `You left the ${kind}.`,
  ended: (kind: MeetingKind): string => `The ${kind} ended.`,
  endedByYou: (kind: MeetingKind): string => `You ended the ${kind}.`,
  endedBy: (name: string, kind: MeetingKind): string => `${name} ended the ${kind}.`,
  removed: (kind: MeetingKind): string => `The host removed you from the ${kind}.`,
  removedBy: (name: string, kind: MeetingKind): string => `${name} removed you from the ${kind}.`,
  replaced: 'You joined from another tab or device.',
} as const;

export const END_SCREEN = {
  /** `length`: of the meeting so far, or of the conversation by phone. */
  summary: (length: string, people: number): string =>
    `${length} · ${people} ${people === 1 ? 'person' : 'people'}`,
  resultSoon: 'The transcript and talk time will be in Slack in a moment.',
  resultLater: (kind: MeetingKind): string =>
    `The transcript and talk time will be in Slack when the ${kind} ends.`,
  openInSlack: 'Open in Slack',
  joinAgain: 'Join again',
  joinHere: 'Join here instead',
} as const;
