import type { RichTextBlock, RichTextSection } from '@slack/types';
import { colourOf } from '../../core/palette.ts';
import { toSingleLine as oneLine, shorten } from '../../core/single-line.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import { toParagraphs } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { speakerLabel, speakerName } from './figures.ts';
import { type BlockBudget, pack, pieces, type SpokenPiece } from './pack.ts';
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
  const all = piecesOf(transcript);
  const blocks = packed(all, room);
  if (blocks !== null) return { blocks, lines: all.map(toLine), whole: true };
  const beginning = preview(all);
  return { blocks: packed(beginning, room) ?? [], lines: beginning.map(toLine), whole: false };
};

type PartyPiece = SpokenPiece & { readonly party: number; readonly label: string };

const piecesOf = (transcript: Transcript): PartyPiece[] =>
  toParagraphs(transcript).flatMap(({ party, startMs, text }) => {
    const name = speakerName(transcript.parties[party]);
    const label = speakerLabel(party, transcript.parties);
    const at = formatDuration(startMs);
    return pieces(oneLine(text)).map((piece) => ({ party, name, label, at, text: piece }));
  });

const preview = (all: readonly PartyPiece[]): PartyPiece[] => {
  const shown: PartyPiece[] = [];
  let left = PREVIEW_CHARACTERS;
  for (const one of all.slice(0, PREVIEW_PARAGRAPHS)) {
    if (left <= 0) break;
    shown.push({ ...one, text: shorten(one.text, left) });
    left -= one.text.length;
  }
  return shown;
};

const toLine = ({ name, at, text }: PartyPiece): string => `${name} (${at}): ${text}`;

const toSection = ({ party, label, at, text }: PartyPiece): RichTextSection =>
  paragraph(square(colourOf(party)), bold(` ${label}`), words(`  ${at}\n${text}`));

const packed = (all: readonly PartyPiece[], room: BlockBudget): RichTextBlock[] | null => {
  const lengths = all.map(({ text, label }) => text.length + label.length + 20);
  // Checked before anything is built: a transcript of hours would become blocks only to be discarded.
  if (lengths.reduce((sum, length) => sum + length, 0) > room.characters) return null;
  return pack(
    all.map((one, i) => ({ section: toSection(one), characters: lengths[i]! })),
    room,
  );
};
