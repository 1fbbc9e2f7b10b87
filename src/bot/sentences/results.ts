import type { ExportFormat } from '../../core/conversation/types.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { PartyTalkTime } from '../../core/talk-time/types.ts';
import { count } from './common.ts';

export const PROGRESS = {
  waiting: 'In the queue…',
  /** `fraction` 0 to 1; null when the size is unknown. */
  downloading: (bar: string, fraction: number | null): string =>
    fraction === null ? 'Downloading…' : `Downloading…  ${bar}  ${Math.round(fraction * 100)}%`,
  // The first second would only flicker, and a person needs the time when it takes long.
  transcribing: (elapsedMs: number): string =>
    elapsedMs < 1000 ? 'Transcribing…' : `Transcribing… ${formatDuration(elapsedMs)}`,
  drawing: 'Creating the talk-time chart…',
} as const;

export const FIGURES = {
  heading: (durationMs: number, speakers: number): string =>
    `${formatDuration(durationMs)} · ${count(speakers, 'speaker')}`,
  share: (perCent: number): string => `${perCent}%`,
  others: (speakers: number, perCent: number): string => `${count(speakers, 'other')}: ${perCent}%`,
} as const;

/** What it counts, and how much. */
export type Figure = readonly [name: string, value: string];

/** Every figure of a speaker but those that can't be measured. */
export const speakerFigures = (party: PartyTalkTime, perCent: number): readonly Figure[] => {
  const { charactersPerMinute, wordsPerMinute, responseMs } = party;
  return [
    ['Talk time', `${formatDuration(party.speakingMs)} (${FIGURES.share(perCent)})`],
    ['Turns', number(party.turns)],
    ['Longest turn', formatDuration(party.longestTurnMs)],
    ['Questions', number(party.questions)],
    ['Interruptions', number(party.interruptions)],
    ...(wordsPerMinute === null ? [] : [['Pace', `${Math.round(wordsPerMinute)} words/min`] as const]),
    ...(charactersPerMinute === null ? [] : [['Pace', `${charactersPerMinute} characters/min`] as const]),
    ...(responseMs === null ? [] : [['Response time', formatSeconds(responseMs)] as const]),
  ];
};

const number = (n: number): string => n.toLocaleString('en');

/** Tenths below ten seconds: whether an answer comes after 0.3 s or 1.2 s is the whole difference. */
const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

export const RESULT = {
  chart: 'Talk time by speaker',
  noChart: 'The chart couldn’t be created this time. The figures are complete.',
  noTimes: 'There is no talk time: the transcription service gave no length for any word.',
  beginning: 'Showing the start. The full transcript is attached below.',
  inFile: 'The transcript is attached below.',
  approximate: 'Speaker labels may be wrong in places. Use “Name speakers” to listen and fix them.',
  nameSpeakers: 'Name speakers',
  details: 'Details',
} as const;

export const SHARE = {
  menu: 'Share transcript…',
  send: 'Send to me',
  post: 'Post in thread',
  format: (format: ExportFormat): string => FORMATS[format],
} as const;

const FORMATS: Readonly<Record<ExportFormat, string>> = {
  txt: 'Text (TXT)',
  vtt: 'Subtitles (VTT)',
  srt: 'Subtitles (SRT)',
  json: 'Data (JSON)',
  csv: 'Table (CSV)',
};

export const DETAILS = {
  title: 'Talk time in detail',
  talking: 'Talking',
  silence: 'Silence',
  overlap: 'Overlap',
  none: 'There is no talk time yet.',
} as const;

/** Around the channel in which the result could not be posted. */
export const PRIVATE_RESULT = {
  before: 'Couldn’t post in ',
  after: (reason: string): string => ` (${reason}), so here it is just for you. Transcript attached.`,
} as const;

export const NAME_SPEAKERS = {
  title: 'Name speakers',
  intro: 'Pick a person or type a name. Speakers with the same name are merged.',
  unnamed: 'Unnamed speaker',
  /** For speakers with one name, which are told apart by nothing else when read aloud. */
  numbered: (name: string, nth: number): string => `${name} (${nth})`,
  member: (label: string): string => `Who is ${label}?`,
  name: (label: string): string => `Or type a name for ${label}`,
  spoke: (speakingMs: number, share: string | null): string =>
    `  ${formatDuration(speakingMs)}${share === null ? '' : ` (${share})`}`,
  listen: '▶ Listen',
  listenLabel: (label: string): string => `Listen to ${label}`,
  notListed: (speakers: number): string =>
    speakers === 1
      ? '1 more speaker with little talk time isn’t listed and keeps its label.'
      : `${speakers} more speakers with little talk time aren’t listed and keep their labels.`,
  both: 'Pick a person or type a name, not both.',
  noSpeakers: 'There are no speakers to name here.',
} as const;
