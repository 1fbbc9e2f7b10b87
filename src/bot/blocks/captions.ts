import { shorten, toLine } from '../../core/line.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { CaptionLine, CaptionsMessage } from '../../core/thread-message.ts';
import { joinWords } from '../../core/transcript/join-words.ts';
import { type Packable, pack, pieces, type Room } from './pack.ts';
import { type Built, bold, paragraph, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const NAME_MAX = 60;
/** Few blocks, because each costs characters; what a result may take in all. */
const ROOM: Room = { blocks: 12, characters: 13_000 };
/** Slack cuts `text` at 40,000 and asks for 4,000; escaping comes on top. */
const MAX_TEXT = 3_800;

export interface BuiltCaptions extends Built {
  /** False when there are more words than a message holds: the rest belongs into the next one. */
  readonly whole: boolean;
}

/** What was said in a stretch of a meeting: a paragraph a turn, with the speaker's name and the time in the meeting. */
export const buildCaptions = ({ lines }: CaptionsMessage): BuiltCaptions => {
  const turns = toTurns(lines);
  const blocks = pack(turns.map(inBold), ROOM) ?? pack(inPlain(turns), ROOM);
  const text = escapeMrkdwn(
    shorten(turns.map(({ name, at, text }) => `${name} (${at}): ${text}`).join('\n'), MAX_TEXT),
  );
  return {
    whole: blocks !== null,
    text: text || '…',
    blocks: blocks ?? pack(inPlain(beginningOf(turns)), ROOM) ?? [],
  };
};

interface Turn {
  readonly name: string;
  readonly at: string;
  readonly text: string;
}

/** Neighbouring lines of one speaker as one turn, in pieces that each fit into a block. */
const toTurns = (lines: readonly CaptionLine[]): readonly Turn[] => {
  const turns: { name: string; startMs: number; texts: string[] }[] = [];
  for (const { name, startMs, text } of lines) {
    const said = toLine(text);
    if (said === '') continue;
    const last = turns.at(-1);
    if (last?.name === name) last.texts.push(said);
    else turns.push({ name, startMs, texts: [said] });
  }
  return turns.flatMap(({ name, startMs, texts }) =>
    pieces(joinWords(texts)).map((text) => ({
      name: clean(name, NAME_MAX) || 'Somebody',
      at: formatDuration(startMs),
      text,
    })),
  );
};

const sizeOf = ({ name, at, text }: Turn): number => name.length + at.length + text.length + 3;

const inBold = (turn: Turn): Packable => ({
  section: paragraph(bold(turn.name), words(` ${turn.at}  ${turn.text}`)),
  characters: sizeOf(turn),
});

/** Every turn of many short ones would cost more in form than in words: here all share one plain run a block. */
const inPlain = (turns: readonly Turn[]): readonly Packable[] => {
  const runs: { text: string }[] = [];
  for (const { name, at, text } of turns) {
    const written = `${name} ${at}  ${text}`;
    const last = runs.at(-1);
    if (last !== undefined && last.text.length + written.length < RUN_CHARACTERS) last.text += `\n${written}`;
    else runs.push({ text: written });
  }
  return runs.map(({ text }) => ({ section: paragraph(words(text)), characters: text.length }));
};
const RUN_CHARACTERS = 3_000;

/** Of more than a message holds, what comes first: later words have a message of their own to go to. */
const beginningOf = (turns: readonly Turn[]): readonly Turn[] => {
  let left = ROOM.characters - 1_000;
  return turns.slice(
    0,
    turns.findIndex((turn) => {
      left -= JSON.stringify(`${turn.name}${turn.at}${turn.text}`).length + 4;
      return left < 0;
    }),
  );
};
