import { type MeetingLine, type MeetingParty, namesFromParties } from '../meeting/lines.ts';
import { withoutEchoes } from '../transcript/echo.ts';
import type { SpeakerNames, TranscribedWord, Transcription } from '../transcription.ts';
import { offsetByWords } from './align.ts';
import { attributeChannelWords, type PartyNumber } from './attribute-words.ts';
import { withoutAnnouncements } from './without-announcements.ts';

/** A line this near to a word may hold it; near to a recording's beginning or end, it may be in the recording. */
const EDGE_MS = 500;

/**
 * What was heard in a call, out of the recording of one telephone (`farParty`) and of the live lines. Channel 0 of the
 * recording is what the telephone said, and is taken from there. Channel 1 is what it heard, all others together in the
 * sound of a telephone: they were heard live one by one, from better sound, so theirs is what the lines have, and the
 * recording only fills in where no line does, and not with what a machine said (`withoutMachine`). Whose words those are is told by the lines around, and all theirs if only
 * one other spoke. Where the channels hold the same, because a telephone gives back what it hears, the words may be
 * anybody's, and then the lines tell for all of them.
 * What the telephone said before or after the recording is in the result as the lines have it. Voices are as in
 * `heardInMeeting`; words that nobody can be found for are a voice of their own.
 *
 * The recording lies on the conversation's clock at `recordingBeganAtMs`, and each channel where the words that it has in
 * common with the lines put it: sound takes its time to the network and back. Null leaves it to those words alone.
 */
export const callTranscription = (call: {
  readonly recorded: Transcription;
  readonly farParty: PartyNumber;
  readonly lines: readonly MeetingLine[];
  readonly parties: readonly MeetingParty[];
  readonly recordingBeganAtMs: number | null;
  readonly durationMs: number;
}): { readonly heard: Transcription; readonly names: SpeakerNames } => {
  const { recorded, farParty, lines, parties } = call;
  const { words, mixed, spanMs } = onTheClock(call);
  const far = lines.filter(({ party }) => party === farParty);
  const others = lines.filter(({ party }) => party !== farParty);
  const recordedWords = attributed(call, words, mixed).filter((word) => !isTold(word, others));
  const around = spanMs === null ? [] : far.flatMap((line) => wordsOutside(line, spanMs));
  return {
    heard: {
      durationMs: Math.max(0, Math.round(call.durationMs)),
      language: recorded.language,
      words: [...recordedWords, ...others.flatMap(wordsOf), ...around].sort((a, b) => a.startMs - b.startMs),
      approximateSpeakers: recorded.approximateSpeakers && mixed,
      remarks: recorded.remarks,
    },
    names: namesFromParties(parties),
  };
};

type Call = Parameters<typeof callTranscription>[0];

/** The recorded words by start and without echoes, and when the recording was made; null when nothing tells. */
const onTheClock = ({ recorded, farParty, lines, recordingBeganAtMs, durationMs }: Call) => {
  const beganAtMs = recordingBeganAtMs ?? 0;
  const [said, heard] = [0, 1].map((channel) => recorded.words.filter((word) => word.channel === channel));
  const moved = [...said!, ...withoutAnnouncements(heard!)].map((word) => shifted(word, beganAtMs));
  const heardOnce = withoutEchoes(moved.toSorted((a, b) => a.startMs - b.startMs));
  const mixed = heardOnce.length < moved.length;
  const offsets = [0, 1].map((channel) => {
    const its = lines.filter(({ party }) => mixed || (party === farParty) === (channel === 0));
    return offsetByWords(
      heardOnce.filter((word) => word.channel === channel),
      its.flatMap((line) => line.words),
      recordingBeganAtMs === null,
    );
  });
  const offsetOf = (channel: number): number => offsets[channel] ?? offsets[1 - channel] ?? 0;
  const isPlaced = recordingBeganAtMs !== null || offsets.some((offset) => offset !== null);
  const from = beganAtMs + offsetOf(0);
  return {
    words: heardOnce
      .map((word) => shifted(word, offsetOf(word.channel)))
      .sort((a, b) => a.startMs - b.startMs),
    mixed,
    spanMs: isPlaced ? { from, to: Math.min(from + recorded.durationMs, Math.max(from, durationMs)) } : null,
  };
};

/** The conversation's clock begins at 0; a word's length stays what it was. */
const shifted = (word: TranscribedWord, byMs: number): TranscribedWord => {
  const startMs = Math.max(0, Math.round(word.startMs + byMs));
  return { ...word, startMs, endMs: startMs + Math.max(0, Math.round(word.endMs - word.startMs)) };
};

const attributed = (
  { farParty, lines, parties }: Call,
  words: readonly TranscribedWord[],
  mixed: boolean,
): readonly TranscribedWord[] => {
  const isFar = (party: PartyNumber): boolean => party === farParty;
  if (mixed) {
    const whose = attributeChannelWords(words, lines);
    return words.map((word, i) => wordOf(word, whose[i] ?? farParty));
  }
  const byOthers = words.filter(({ channel }) => channel !== 0);
  const whose = whoseOfOthers(
    byOthers,
    lines.filter(({ party }) => !isFar(party)),
    parties.flatMap((_, party) => (isFar(party) ? [] : [party])),
  );
  return [
    ...words.filter(({ channel }) => channel === 0).map((word) => wordOf(word, farParty)),
    ...byOthers.map((word, i) => wordOf(word, whose[i]!)),
  ];
};

const whoseOfOthers = (
  words: readonly TranscribedWord[],
  lines: readonly MeetingLine[],
  others: readonly PartyNumber[],
): readonly (PartyNumber | null)[] => {
  const spoke = [...new Set(lines.map(({ party }) => party))];
  const [only, another] = spoke.length === 0 ? others : spoke;
  if (only !== undefined && another === undefined) return words.map(() => only);
  return attributeChannelWords(words, lines);
};

/** As in `heardInMeeting`. Nobody's words have a channel to themselves, lest they are taken for a neighbour's. */
const wordOf = (word: TranscribedWord, party: PartyNumber | null): TranscribedWord =>
  party === null ? { ...word, channel: 1, speaker: null } : { ...word, channel: 0, speaker: party };

/** Whether this word of the recording is in one of their lines. */
const isTold = ({ speaker, startMs, endMs }: TranscribedWord, others: readonly MeetingLine[]): boolean =>
  others.some(
    (line) =>
      (speaker === null || line.party === speaker) &&
      startMs <= line.endMs + EDGE_MS &&
      endMs >= line.startMs - EDGE_MS,
  );

const wordsOf = ({ party, words }: MeetingLine): readonly TranscribedWord[] =>
  words.map((word) => ({ ...word, channel: 0, speaker: party }));

const wordsOutside = (
  line: MeetingLine,
  spanMs: { readonly from: number; readonly to: number },
): readonly TranscribedWord[] =>
  wordsOf(line).filter(
    ({ startMs, endMs }) => endMs < spanMs.from - EDGE_MS || startMs > spanMs.to + EDGE_MS,
  );
