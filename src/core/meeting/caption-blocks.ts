import type { CaptionParagraph } from '../thread-message.ts';
import type { MeetingLine, MeetingParty } from './lines.ts';

/** Lines that the thread shows in one message. */
export interface CaptionBlock {
  /** By the time at which they began. */
  readonly lines: readonly MeetingLine[];
  /** The highest number among them: what is shown is behind when it shows less. */
  readonly revision: number;
}

/** A stretch that begins earlier than this before a line takes it, if it has room. */
const LONGEST_MS = 120_000;
/** Characters after which the next line begins another stretch. */
const FULL_CHARACTERS = 3_000;
/** What a name, a time and a line break take. */
const LINE_CHARACTERS = 24;

interface OpenBlock {
  lines: MeetingLine[];
  characters: number;
  revision: number;
}

/**
 * Divides lines, given by number, into stretches by time. Depends on nothing else, and what came later never moves a
 * line into another stretch: whoever divides the same lines anew, after a crash, gets the same messages. A line that
 * became final late goes where it belongs by its time, so that all stretches together are in order.
 */
export const createCaptionBlocks = (): {
  /** The index of the stretch that the line is now in. */
  add(line: MeetingLine): number;
  readonly all: readonly CaptionBlock[];
} => {
  const all: OpenBlock[] = [];

  const indexFor = (line: MeetingLine): number => {
    const at = all.findLastIndex(({ lines }) => lines[0]!.startMs <= line.startMs);
    if (at === -1) return all.length === 0 ? open() : 0;
    const stretch = all[at]!;
    // Only a new last message can be added to a thread; in between there is no room for another.
    if (at < all.length - 1 || line.startMs < stretch.lines.at(-1)!.startMs) return at;
    const isLong = line.startMs - stretch.lines[0]!.startMs >= LONGEST_MS;
    return isLong || stretch.characters + line.text.length > FULL_CHARACTERS ? open() : at;
  };
  const open = (): number => all.push({ lines: [], characters: 0, revision: 0 }) - 1;

  return {
    add(line) {
      const index = indexFor(line);
      const stretch = all[index]!;
      const before = stretch.lines.findLastIndex(({ startMs }) => startMs <= line.startMs);
      stretch.lines = stretch.lines.toSpliced(before + 1, 0, line);
      stretch.characters += line.text.length + LINE_CHARACTERS;
      stretch.revision = Math.max(stretch.revision, line.number);
      return index;
    },
    all,
  };
};

/** Beyond this silence the same speaker begins a new line. */
const SAME_LINE_MS = 2_000;

/** A stretch for reading: what one party says on end is one line. */
export const captionParagraphs = (
  stretch: CaptionBlock,
  parties: readonly MeetingParty[],
): readonly CaptionParagraph[] => {
  const shown: (CaptionParagraph & { party: number; endMs: number })[] = [];
  for (const { party, startMs, endMs, text } of stretch.lines) {
    const last = shown.at(-1);
    if (last?.party === party && startMs - last.endMs <= SAME_LINE_MS) {
      shown[shown.length - 1] = { ...last, text: `${last.text} ${text}`, endMs };
    } else {
      shown.push({ party, name: parties[party]?.name ?? `Speaker ${party + 1}`, startMs, endMs, text });
    }
  }
  return shown.map(({ name, startMs, text }) => ({ name, startMs, text }));
};
