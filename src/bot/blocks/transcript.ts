import type { RichTextBlock, RichTextSection } from '@slack/types';
import { colourOf } from '../../core/palette.ts';
import { toSingleLine as oneLine, shorten } from '../../core/single-line.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import { toParagraphs } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { speakerName } from './figures.ts';
import { type BlockBudget, pack, pieces } from './pack.ts';
import { bold, paragraph, square, words } from './rich.ts';

/** How much of a long transcript is shown above the file that holds it all. */
const PREVIEW_CHARACTERS = 1_200;
const PREVIEW_PARAGRAPHS = 6;

export interface ShownTranscript {
  readonly blocks: readonly RichTextBlock[];
  readonly lines: readonly string[];
  /** False when only the beginning is shown. */
  readonly whole: boolean;
}

/** The transcript, whole when there is room for it, else its beginning. */
export const showTranscript = (transcript: Transcript, room: BlockBudget): ShownTranscript => {
  const all = readable(transcript);
  const blocks = packed(all, room);
  if (blocks !== null) return { blocks, lines: all.map(toLine), whole: true };
  const beginning = preview(all);
  return { blocks: packed(beginning, room) ?? [], lines: beginning.map(toLine), whole: false };
};

/** One person's paragraph, with the words in pieces that each fit into a block. */
interface Readable {
  readonly party: number;
  readonly name: string;
  readonly at: string;
  readonly text: string;
}

const readable = (transcript: Transcript): Readable[] =>
  toParagraphs(transcript).flatMap(({ party, startMs, text }) => {
    const name = speakerName(transcript.parties[party]);
    return pieces(oneLine(text)).map((piece) => ({ party, name, at: formatDuration(startMs), text: piece }));
  });

const preview = (all: readonly Readable[]): Readable[] => {
  const shown: Readable[] = [];
  let left = PREVIEW_CHARACTERS;
  for (const one of all.slice(0, PREVIEW_PARAGRAPHS)) {
    if (left <= 0) break;
    shown.push({ ...one, text: shorten(one.text, left) });
    left -= one.text.length;
  }
  return shown;
};

const toLine = ({ name, at, text }: Readable): string => `${name} (${at}): ${text}`;

const toSection = ({ party, name, at, text }: Readable): RichTextSection =>
  paragraph(square(colourOf(party)), bold(` ${name}`), words(`  ${at}\n${text}`));

const packed = (all: readonly Readable[], room: BlockBudget): RichTextBlock[] | null => {
  const lengths = all.map(({ text, name }) => text.length + name.length + 20);
  // Checked before anything is built: a transcript of hours would be turned into blocks only to be thrown away.
  if (lengths.reduce((sum, length) => sum + length, 0) > room.characters) return null;
  return pack(
    all.map((one, i) => ({ section: toSection(one), characters: lengths[i]! })),
    room,
  );
};
