import type { CommandNames } from '../commands.ts';
import { EXAMPLE_NUMBER } from './common.ts';

export const HOME = {
  heading: 'Talk, as text your team can use',
  transcribe:
    'Transcribe: post an audio or video file in a channel with Parley, or send it to Parley. For a link, type ',
  transcribeExample: (command: string): string => `${command} link`,
  meet: 'Meet: in a channel, type ',
  meetExample: (command: string): string => `${command} topic`,
  call: 'Call: in a channel, type ',
  callExample: (command: string): string => `${command} ${EXAMPLE_NUMBER}`,
  or: ' or ',
  callTeammateExample: (command: string): string => `${command} @teammate`,
  numberLabel: ' Your phone number: ',
  noNumber: 'none yet. Save it to talk from your phone.',
  afterNumber: '. “Use my phone” calls it first.',
  startMeeting: 'Start a meeting',
  startCall: 'Start a call',
  changeNumber: 'Change your number',
  saveNumber: 'Save your number',
  callSettings: 'Call settings',
  recent: 'Recent activity',
  nothingYet: 'Nothing yet. Post a recording or start a meeting or a call, and it shows up here.',
  in: ' in ',
} as const;

/** What became of a recording, a meeting or a call. */
export const STATUS = {
  waiting: 'In the queue',
  transcribing: 'Transcribing…',
  posting: 'Transcribed, posting…',
  published: 'Transcribed',
  withdrawn: 'Deleted',
  opening: 'Starting…',
  open: { meeting: 'Open · no one has joined', call: 'Calling…' },
  live: 'Live',
  ended: 'Preparing transcript…',
  undelivered: (reason: string): string => `Transcribed, but couldn’t be posted (${reason})`,
  sentPrivately: (reason: string): string =>
    `Transcribed, but couldn’t be posted (${reason}). It’s in your messages with Parley`,
} as const;

export const HELP = {
  opening: 'Post an audio or video file here to get its transcript and talk time in the thread.',
  greeting: 'Hello!',
  /** `command`: as it was typed. */
  unknown: (command: string): string => `“${command}” isn’t something Parley can do.`,
  /** What to type or click, and what it does. */
  lines: ({ transcribe, meet, call, main }: CommandNames): (readonly [string, string])[] => [
    [`${transcribe} link`, 'transcribe a recording behind a public link.'],
    ['Transcribe', 'in a message’s menu, transcribe its file or link.'],
    [
      `${meet} topic`,
      'start a meeting with live captions. The transcript and talk time are posted in the thread.',
    ],
    [`${call} number`, `or ${call} @teammate: start a call with live captions and a transcript.`],
    [`${main} settings`, 'for admins: who can call, the recording notice, and what happens to recordings.'],
    ['Name speakers', 'replace “Speaker 1” with real names and merge duplicates.'],
  ],
  transcribeLink: 'Transcribe this link',
} as const;
