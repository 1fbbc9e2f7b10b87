import { toSingleLine } from '../single-line.ts';
import { formatDuration, roundShares } from '../talk-time/format.ts';
import type { PartyTalkTime, TalkTime } from '../talk-time/types.ts';
import { describeDoubt, describeLanguages } from '../transcript/languages.ts';
import { toParagraphs } from '../transcript/paragraphs.ts';
import type { Transcript } from '../transcript/types.ts';
import type { ExportInput } from './types.ts';

/** Plain text for people: a header, talk time, and the transcript with times and names. */
export const toTxt = ({ title, transcript, talkTime, recordedAtMs }: ExportInput): string => {
  const name = (party: number): string => toSingleLine(transcript.parties[party]!.name);
  const spoken = toParagraphs(transcript).map(
    ({ party, startMs, text }) => `[${formatDuration(startMs)}] ${name(party)}: ${text}`,
  );
  return `${[
    [toSingleLine(title), header(transcript, recordedAtMs), ...remarks(transcript)].join('\n'),
    ['TALK TIME', ...figures(transcript, talkTime)].join('\n'),
    'TRANSCRIPT',
    ...(spoken.length > 0 ? spoken : ['(No one speaks.)']),
  ].join('\n\n')}\n`;
};

const header = ({ durationMs, languages }: Transcript, recordedAtMs: number): string =>
  [
    `${new Date(recordedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `length ${formatDuration(durationMs)}`,
    ...[describeLanguages(languages)].filter((language) => language !== null),
  ].join(', ');

const remarks = (transcript: Transcript): readonly string[] => {
  const { approximateSpeakers, remarks: others } = transcript;
  const sentences = [
    ...(approximateSpeakers ? ['Speaker labels are approximate.'] : []),
    ...[describeDoubt(transcript)].filter((sentence) => sentence !== null),
    ...others.map(toSingleLine),
  ];
  return sentences.length === 0 ? [] : [sentences.join(' ')];
};

const figures = (transcript: Transcript, talkTime: TalkTime): readonly string[] => {
  const { speechMs, overlapMs, silenceMs } = talkTime;
  const percents = roundShares(talkTime.parties.map(({ share }) => share));
  return [
    ...talkTime.parties.map(
      (one, i) => `${toSingleLine(transcript.parties[one.party]!.name)}: ${percents[i]}%, ${figuresOf(one)}`,
    ),
    `Total: speech ${formatDuration(speechMs)}, overlap ${formatDuration(overlapMs)}, silence ${formatDuration(silenceMs)}`,
  ];
};

const figuresOf = (one: PartyTalkTime): string =>
  [
    formatDuration(one.speakingMs),
    `${counted(one.turns, 'turn')} (longest ${formatDuration(one.longestTurnMs)})`,
    ...(one.charactersPerMinute === null
      ? [counted(one.words, 'word')]
      : [`${one.charactersPerMinute} characters a minute`]),
    ...(one.wordsPerMinute === null ? [] : [`${one.wordsPerMinute} words a minute`]),
    counted(one.questions, 'question'),
    counted(one.interruptions, 'interruption'),
    ...(one.responseMs === null ? [] : [`responds in ${(one.responseMs / 1_000).toFixed(1)} s`]),
  ].join(', ');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
