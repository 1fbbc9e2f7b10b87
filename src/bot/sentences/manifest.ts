import type { CommandNames } from '../commands.ts';

/** What Slack shows of the app in its directory, its menus and while a command is typed. */
export const MANIFEST = {
  description: 'Transcripts and talk time of recordings, meetings and calls',
  longDescription: ({ meet, call }: CommandNames): string =>
    'Parley turns talk into text your team can use. Post a recording in a channel with Parley, and its thread gets the ' +
    'transcript with speakers and times, and a chart of everyone’s talk time. Name the speakers, and share the transcript ' +
    `as TXT, VTT, SRT, JSON or CSV. Type ${meet} to start a meeting with live captions: everyone in the channel can join, ` +
    'and the transcript and talk time are posted in the thread when it ends. ' +
    `Type ${call} and a phone number or a teammate’s name to start a call, with live captions and a transcript.`,
  transcribe: { name: 'Transcribe', description: 'Transcribe this message’s recording' },
  startMeeting: { name: 'Start a meeting', description: 'Start a meeting with live captions in a channel' },
  startCall: { name: 'Start a call', description: 'Start a call with live captions and a transcript' },
  commands: {
    main: 'Call a phone, start a meeting, or transcribe a link',
    call: 'Call a phone, with live captions and a transcript',
    meet: 'Start a meeting with live captions in this channel',
    transcribe: 'Transcribe a recording behind a link',
  },
  usage: 'call, meet, transcribe, settings or help',
} as const;
