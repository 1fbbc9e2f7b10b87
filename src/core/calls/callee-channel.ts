import type { MeetingLine } from '../meeting/lines.ts';
import type { TranscribedWord } from '../transcription.ts';
import { agreementOfWords } from './align.ts';
import { withoutAnnouncements } from './without-announcements.ts';

/** So many times more words have to speak for the other channel: people repeat each other. */
const MARGIN = 2;

/**
 * Which channel of a recording has what the callee said. The provider documents that it is channel 0; words tell when it
 * is not: those that a channel shares with the callee's lines, those that the other channel shares with the lines of all
 * others, and our announcements, which only the callee's phone received. Takes words by start.
 */
export const calleeChannel = (call: {
  readonly words: readonly TranscribedWord[];
  readonly ofCallee: readonly MeetingLine[];
  readonly ofOthers: readonly MeetingLine[];
  /** Whether the start of the recording on the clock of the lines is unknown. */
  readonly anywhere: boolean;
}): 0 | 1 => {
  const channels = [0, 1].map((channel) => call.words.filter((word) => word.channel === channel));
  const shared = (channel: number, lines: readonly MeetingLine[]): number =>
    agreementOfWords(
      channels[channel]!,
      lines.flatMap((line) => line.words),
      call.anywhere,
    )?.matches ?? 0;
  const announced = (channel: number): number =>
    channels[channel]!.length - withoutAnnouncements(channels[channel]!).length;
  const evidence = (channel: number): number =>
    shared(channel, call.ofCallee) + shared(1 - channel, call.ofOthers) + announced(1 - channel);
  return evidence(1) > MARGIN * evidence(0) ? 1 : 0;
};
