export const HOME = {
  heading: 'Talk, as text your team can use',
  transcribe:
    'Transcribe: post an audio or video file in a channel with Parley, or send it to Parley. For a link, type ',
  transcribeExample: '/transcribe link',
  meet: 'Meet: in a channel, type ',
  meetExample: '/meet topic',
  call: 'Call: in a channel, type ',
  callExample: '/call +44 20 7946 0000',
  or: ' or ',
  callTeammateExample: '/call @teammate',
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
  /** What to type or click, and what it does. */
  lines: [
    ['/transcribe link', 'transcribe a recording behind a public link.'],
    ['Transcribe', 'in a message’s menu, transcribe its file or link.'],
    [
      '/meet topic',
      'start a meeting with live captions. The transcript and talk time are posted in the thread.',
    ],
    ['/call number', 'or /call @teammate: start a call with live captions and a transcript.'],
    ['Name speakers', 'replace “Speaker 1” with real names and merge duplicates.'],
  ],
  transcribeLink: 'Transcribe this link',
} as const;
