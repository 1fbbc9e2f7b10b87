import { type MeetingLine, type MeetingParty, namesFromParties } from '../meeting/lines.ts';
import { withoutEchoes } from '../transcript/echo.ts';
import type { SpeakerNames, TranscribedWord, Transcription } from '../transcription.ts';
import { agreementOfWords } from './align.ts';
import { attributeChannelWords, type PartyNumber } from './attribute-words.ts';
import { calleeChannel } from './callee-channel.ts';
import { withoutAnnouncements } from './without-announcements.ts';

/** Tolerance between the times of captions and of the recording. */
const EDGE_MS = 500;

/**
 * The transcription of a call from the callee's recording and the live caption lines.
 *
 * - One channel of the recording (`calleeChannel`) is what the callee said, and is taken as it is.
 * - The other is what the callee received: all others, mixed into phone audio. They were captioned one by one from
 *   better audio, so their words come from the lines; the recording only fills gaps, without our announcements. Words in
 *   gaps are attributed by the lines around them, or all to the only other speaker.
 * - When both channels hold the same, because the phone echoes, all words are attributed by the lines.
 * - What the callee said before or after the recording comes from the lines.
 *
 * Voices are as in `transcriptionFromLines`; words without a party are a voice of their own. The recording is placed on
 * the conversation's clock at `recordingBeganAtMs`, and each channel by the words that it shares with the lines, because
 * audio is delayed on its way to the provider and back. Null leaves it to those words alone.
 */
export const callTranscription = (call: {
  readonly recorded: Transcription;
  readonly calleeParty: PartyNumber;
  readonly lines: readonly MeetingLine[];
  readonly parties: readonly MeetingParty[];
  readonly recordingBeganAtMs: number | null;
  readonly durationMs: number;
}): { readonly transcription: Transcription; readonly names: SpeakerNames } => {
  const { recorded, calleeParty, lines, parties } = call;
  const ofCallee = lines.filter(({ party }) => party === calleeParty);
  const others = lines.filter(({ party }) => party !== calleeParty);
  const { words, mixed, spanMs } = onTheClock({ ...call, recorded: calleeFirst(call, ofCallee, others) });
  const recordedWords = attributed(call, words, mixed).filter((word) => !isCaptioned(word, others));
  const outside = spanMs === null ? [] : ofCallee.flatMap((line) => wordsOutside(line, spanMs));
  return {
    transcription: {
      durationMs: Math.max(0, Math.round(call.durationMs)),
      language: recorded.language,
      ...(recorded.languages !== undefined && { languages: recorded.languages }),
      words: [...recordedWords, ...others.flatMap(wordsOf), ...outside].sort((a, b) => a.startMs - b.startMs),
      approximateSpeakers: recorded.approximateSpeakers && mixed,
      remarks: recorded.remarks,
    },
    names: namesFromParties(parties),
  };
};

type Call = Parameters<typeof callTranscription>[0];

/** The recording with the callee on channel 0. */
const calleeFirst = (
  { recorded, recordingBeganAtMs }: Call,
  ofCallee: readonly MeetingLine[],
  ofOthers: readonly MeetingLine[],
): Transcription => {
  const words = recorded.words.map((word) => shifted(word, recordingBeganAtMs ?? 0));
  const anywhere = recordingBeganAtMs === null;
  if (calleeChannel({ words, ofCallee, ofOthers, anywhere }) === 0) return recorded;
  return { ...recorded, words: recorded.words.map((word) => ({ ...word, channel: 1 - word.channel })) };
};

/** The recorded words by start, without echoes, and the recording's time span; null when it is unknown. */
const onTheClock = ({ recorded, calleeParty, lines, recordingBeganAtMs, durationMs }: Call) => {
  const beganAtMs = recordingBeganAtMs ?? 0;
  const [sent, received] = [0, 1].map((channel) => recorded.words.filter((word) => word.channel === channel));
  const moved = [...sent!, ...withoutAnnouncements(received!)].map((word) => shifted(word, beganAtMs));
  const distinct = withoutEchoes(moved.toSorted((a, b) => a.startMs - b.startMs));
  const mixed = distinct.length < moved.length;
  const offsets = [0, 1].map((channel) => {
    const own = lines.filter(({ party }) => mixed || (party === calleeParty) === (channel === 0));
    const agreed = agreementOfWords(
      distinct.filter((word) => word.channel === channel),
      own.flatMap((line) => line.words),
      recordingBeganAtMs === null,
    );
    return agreed?.offsetMs ?? null;
  });
  const offsetOf = (channel: number): number => offsets[channel] ?? offsets[1 - channel] ?? 0;
  const isPlaced = recordingBeganAtMs !== null || offsets.some((offset) => offset !== null);
  const from = beganAtMs + offsetOf(0);
  return {
    words: distinct
      .map((word) => shifted(word, offsetOf(word.channel)))
      .sort((a, b) => a.startMs - b.startMs),
    mixed,
    spanMs: isPlaced ? { from, to: Math.min(from + recorded.durationMs, Math.max(from, durationMs)) } : null,
  };
};

/** Keeps the word's length; the conversation's clock begins at 0. */
const shifted = (word: TranscribedWord, byMs: number): TranscribedWord => {
  const startMs = Math.max(0, Math.round(word.startMs + byMs));
  return { ...word, startMs, endMs: startMs + Math.max(0, Math.round(word.endMs - word.startMs)) };
};

const attributed = (
  { calleeParty, lines, parties }: Call,
  words: readonly TranscribedWord[],
  mixed: boolean,
): readonly TranscribedWord[] => {
  const isCallee = (party: PartyNumber): boolean => party === calleeParty;
  if (mixed) {
    const whose = attributeChannelWords(words, lines);
    return words.map((word, i) => wordOf(word, whose[i] ?? calleeParty));
  }
  const byOthers = words.filter(({ channel }) => channel !== 0);
  const whose = attributeOthers(
    byOthers,
    lines.filter(({ party }) => !isCallee(party)),
    parties.flatMap((_, party) => (isCallee(party) ? [] : [party])),
  );
  return [
    ...words.filter(({ channel }) => channel === 0).map((word) => wordOf(word, calleeParty)),
    ...byOthers.map((word, i) => wordOf(word, whose[i]!)),
  ];
};

const attributeOthers = (
  words: readonly TranscribedWord[],
  lines: readonly MeetingLine[],
  others: readonly PartyNumber[],
): readonly (PartyNumber | null)[] => {
  const spoke = [...new Set(lines.map(({ party }) => party))];
  const [only, another] = spoke.length === 0 ? others : spoke;
  if (only !== undefined && another === undefined) return words.map(() => only);
  return attributeChannelWords(words, lines);
};

/** As in `transcriptionFromLines`. Unattributed words get a channel of their own, or neighbours would claim them. */
const wordOf = (word: TranscribedWord, party: PartyNumber | null): TranscribedWord =>
  party === null ? { ...word, channel: 1, speaker: null } : { ...word, channel: 0, speaker: party };

/** Whether a recorded word lies within a caption line of its party. */
const isCaptioned = ({ speaker, startMs, endMs }: TranscribedWord, others: readonly MeetingLine[]): boolean =>
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
