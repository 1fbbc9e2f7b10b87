import { toSingleLine } from '../../core/single-line.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { CaptionParagraph, CaptionsMessage } from '../../core/thread-message.ts';
import { NAMELESS } from '../sentences/common.ts';
import { type BlockBudget, type PackedParagraph, pack, pieces, type SpokenPiece } from './pack.ts';
import { type Built, bold, paragraph, words } from './rich.ts';
import { clean, cutEscaped, escapeMrkdwn, MAX_TEXT } from './text.ts';

const NAME_MAX = 60;
/** Few blocks, because each costs characters; what a result may take in all. */
const BUDGET: BlockBudget = { blocks: 12, characters: 13_000 };

/** Captions of a meeting: each paragraph with its speaker and its time in the meeting. */
export const buildCaptions = ({ paragraphs }: CaptionsMessage): Built => {
  const all = piecesOf(paragraphs);
  const text = all.map((one) => `${one.name} (${one.at}): ${one.text}`).join('\n');
  return {
    text: cutEscaped(escapeMrkdwn(text), MAX_TEXT) || '…',
    blocks:
      pack(all.map(inBold), BUDGET) ??
      pack(inPlain(all), BUDGET) ??
      pack(inPlain(beginningOf(all)), BUDGET) ??
      [],
  };
};

/** In pieces that each fit into a block; core has joined consecutive captions of one speaker. */
const piecesOf = (paragraphs: readonly CaptionParagraph[]): readonly SpokenPiece[] =>
  paragraphs.flatMap(({ name, startMs, text }) => {
    const line = toSingleLine(text);
    return line === ''
      ? []
      : pieces(line).map((piece) => ({
          name: clean(name, NAME_MAX) || NAMELESS,
          at: formatDuration(startMs),
          text: piece,
        }));
  });

const sizeOf = ({ name, at, text }: SpokenPiece): number => name.length + at.length + text.length + 3;

const inBold = (one: SpokenPiece): PackedParagraph => ({
  section: paragraph(bold(one.name), words(` ${one.at}  ${one.text}`)),
  characters: sizeOf(one),
});

/** Many short paragraphs cost more in markup than in words: here they share one text element for each block. */
const inPlain = (all: readonly SpokenPiece[]): readonly PackedParagraph[] => {
  const runs: { text: string }[] = [];
  for (const { name, at, text } of all) {
    const written = `${name} ${at}  ${text}`;
    const last = runs.at(-1);
    if (last !== undefined && last.text.length + written.length < RUN_CHARACTERS) last.text += `\n${written}`;
    else runs.push({ text: written });
  }
  return runs.map(({ text }) => ({ section: paragraph(words(text)), characters: text.length }));
};
const RUN_CHARACTERS = 3_000;

/** Core starts another message long before this; otherwise Slack would refuse the whole message. */
const beginningOf = (all: readonly SpokenPiece[]): readonly SpokenPiece[] => {
  let left = BUDGET.characters - 1_000;
  return all.slice(
    0,
    all.findIndex((one) => {
      left -= JSON.stringify(`${one.name}${one.at}${one.text}`).length + 4;
      return left < 0;
    }),
  );
};
