import type { RichTextBlock, RichTextSection } from '@slack/types';
import { rich } from './rich.ts';

/** Slack's limit for a section's text; it documents none for rich text, so the same is assumed. */
const MAX_BLOCK_CHARACTERS = 3_000;
/** Leaves room for name and time in the same block. */
const PIECE_CHARACTERS = MAX_BLOCK_CHARACTERS - 200;

export interface BlockBudget {
  readonly blocks: number;
  /** Characters of the blocks as JSON. */
  readonly characters: number;
}

/** A paragraph, and how many characters people read in it. */
export interface PackedParagraph {
  readonly section: RichTextSection;
  readonly characters: number;
}

/** A paragraph of one speaker, cut to fit into a block. */
export interface SpokenPiece {
  readonly name: string;
  /** When it begins, formatted. */
  readonly at: string;
  readonly text: string;
}

/** A text in pieces that each fit into a block, cut between words where it has any. */
export const pieces = (text: string): string[] => {
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

/** A block for each paragraph, for space between them, or several in one when there are many. Null: over the budget. */
export const pack = (paragraphs: readonly PackedParagraph[], room: BlockBudget): RichTextBlock[] | null => {
  const perBlock = Math.ceil(paragraphs.length / Math.max(1, room.blocks));
  const blocks: RichTextSection[][] = [];
  let characters = 0;
  for (const { section, characters: more } of paragraphs) {
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
