import type { MemberId } from '../../core/ids.ts';

export const MEETING_CARD = {
  /** What notifications give; a mention of the member. */
  startedBy: (title: string, memberId: MemberId): string => `${title}: meeting started by <@${memberId}>.`,
  startedByLine: '\nStarted by ',
  since: ' · since ',
  length: (duration: string): string => ` · ${duration}`,
  noOneYet: 'No one has joined yet.',
  present: (names: string): string => `In the meeting: ${names}`,
  ended: 'Ended. Transcript and talk time are in the thread.',
  endedEmpty: 'Ended. No one joined.',
  dialIn: ' Dial in: ',
  pin: ' · PIN ',
  afterPin: ' #',
  joinLabel: { meeting: 'Join the meeting', call: 'Join the call' },
  restart: 'Start a new meeting',
} as const;

export const END_MEETING = {
  option: 'End for everyone',
  title: 'End the meeting for everyone?',
  text: 'Everyone is disconnected and the transcript is posted in the thread. Only the host can do this.',
  confirm: 'End for everyone',
  deny: 'Keep meeting',
} as const;

export const JOIN_LINK = {
  title: 'Join',
  button: 'Join in browser',
  note: 'This link is just for you and expires in 10 minutes. On another device, click “Join” again.',
} as const;

export const START_MEETING = {
  title: 'Start a meeting',
  topic: 'What’s it about?',
  topicPlaceholder: 'Meeting',
  channelHint:
    'Everyone in this channel can join. Live captions and the transcript are posted in the thread.',
} as const;
