import type { CaptionParagraph } from '../thread-message.ts';
import { between } from '../transcript/join-words.ts';
import type { MeetingLine, MeetingParty } from './lines.ts';

/** The lines that one message of the thread shows. */
export interface CaptionBlock {
  /** By start. */
  readonly lines: readonly MeetingLine[];
  /** The highest number among them: a message with a lower one is outdated. */
  readonly revision: number;
}

/** A line this long after the start of a block begins another one. */
const MAX_BLOCK_MS = 120_000;
/** A line that would exceed this begins another block. */
const FULL_CHARACTERS = 3_000;
/** For a name, a time and a line break. */
const LINE_CHARACTERS = 24;

interface OpenBlock {
  lines: MeetingLine[];
  characters: number;
  revision: number;
}

/**
 * Divides lines, given by number, into blocks by time. A later line never moves another to a different block, so that the
 * same lines give the same messages after a crash. A line that became final late is inserted by its time, so that all
 * blocks together are in order.
 */
export const createCaptionBlocks = (): {
  /** Returns the index of the line's block. */
  add(line: MeetingLine): number;
  readonly all: readonly CaptionBlock[];
} => {
  const all: OpenBlock[] = [];

  const indexFor = (line: MeetingLine): number => {
    const at = all.findLastIndex(({ lines }) => lines[0]!.startMs <= line.startMs);
    if (at === -1) return all.length === 0 ? open() : 0;
    const block = all[at]!;
    // A thread only takes new messages at its end.
    if (at < all.length - 1 || line.startMs < block.lines.at(-1)!.startMs) return at;
    const isLong = line.startMs - block.lines[0]!.startMs >= MAX_BLOCK_MS;
    return isLong || block.characters + line.text.length > FULL_CHARACTERS ? open() : at;
  };
  const open = (): number => all.push({ lines: [], characters: 0, revision: 0 }) - 1;

  return {
    add(line) {
      const index = indexFor(line);
      const block = all[index]!;
      const before = block.lines.findLastIndex(({ startMs }) => startMs <= line.startMs);
      block.lines = block.lines.toSpliced(before + 1, 0, line);
      block.characters += line.text.length + LINE_CHARACTERS;
      block.revision = Math.max(block.revision, line.number);
      return index;
    },
    all,
  };
};

/** After a longer silence the same speaker begins a new paragraph. */
const MAX_PAUSE_MS = 2_000;

/** A block for reading: consecutive lines of one party are joined. */
export const captionParagraphs = (
  block: CaptionBlock,
  parties: readonly MeetingParty[],
): readonly CaptionParagraph[] => {
  const shown: (CaptionParagraph & { party: number; endMs: number })[] = [];
  for (const { party, startMs, endMs, text } of block.lines) {
    const last = shown.at(-1);
    if (last?.party === party && startMs - last.endMs <= MAX_PAUSE_MS) {
      shown[shown.length - 1] = { ...last, text: last.text + between(last.text, text) + text, endMs };
    } else {
      shown.push({ party, name: parties[party]?.name ?? `Speaker ${party + 1}`, startMs, endMs, text });
    }
  }
  return shown.map(({ name, startMs, text }) => ({ name, startMs, text }));
};
