import type { RichTextBlock, RichTextSection } from '@slack/types';
import { toLine as oneLine, shorten } from '../../core/line.ts';
import { colourOf } from '../../core/palette.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import { toParagraphs } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { speakerName } from './figures.ts';
import { bold, paragraph, rich, square, words } from './rich.ts';

/** Slack's limit for a section's text; it names none for rich text, so we keep to the same. */
const MAX_BLOCK_CHARACTERS = 3_000;
/** How much of a long transcript is shown above the file that holds it all. */
const PREVIEW_CHARACTERS = 1_200;
const PREVIEW_PARAGRAPHS = 6;

export interface ShownTranscript {
  readonly blocks: readonly RichTextBlock[];
  readonly lines: readonly string[];
  /** False when only the beginning is shown. */
  readonly whole: boolean;
}

interface Room {
  readonly blocks: number;
  /** Characters of the blocks as JSON. */
  readonly characters: number;
}

/** The transcript, whole when there is room for it, else its beginning. */
export const showTranscript = (transcript: Transcript, room: Room): ShownTranscript => {
  const all = readable(transcript);
  const blocks = pack(all, room);
  if (blocks !== null) return { blocks, lines: all.map(toLine), whole: true };
  const beginning = preview(all);
  return { blocks: pack(beginning, room) ?? [], lines: beginning.map(toLine), whole: false };
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

/** Leaves room for name and time in the same block. */
const PIECE_CHARACTERS = MAX_BLOCK_CHARACTERS - 200;

const pieces = (text: string): string[] => {
  const found: string[] = [];
  let rest = text;
  while (rest.length > PIECE_CHARACTERS) {
    const space = rest.lastIndexOf(' ', PIECE_CHARACTERS);
    // Text without spaces (Chinese, Thai) is cut anywhere but through a surrogate pair.
    const isPair = /[\ud800-\udbff]/.test(rest[PIECE_CHARACTERS - 1]!);
    const at = space > 0 ? space : PIECE_CHARACTERS - (isPair ? 1 : 0);
    found.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...found, rest];
};

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

/** A block a paragraph, for the air between them, or several in one when there are many. Null: no room. */
const pack = (all: readonly Readable[], room: Room): RichTextBlock[] | null => {
  const sections = all.map((one) => ({
    section: toSection(one),
    characters: one.text.length + one.name.length + 20,
  }));
  // Checked before anything is built: a transcript of hours would be turned into blocks only to be thrown away.
  if (sections.reduce((sum, { characters }) => sum + characters, 0) > room.characters) return null;
  const perBlock = Math.ceil(sections.length / Math.max(1, room.blocks));
  const blocks: RichTextSection[][] = [];
  let characters = 0;
  for (const { section, characters: more } of sections) {
    const last = blocks.at(-1);
    if (last === undefined || last.length >= perBlock || characters + more > MAX_BLOCK_CHARACTERS) {
      blocks.push([section]);
      characters = more;
    } else {
      last.push(section);
      characters += more;
    }
  }
  const built = blocks.map((grouped) => rich(...grouped));
  const fits = built.length <= room.blocks && JSON.stringify(built).length <= room.characters;
  return fits ? built : null;
};
