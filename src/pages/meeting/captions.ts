import type { Caption, Transcript } from '../../media/signalling/messages.ts';

/** A final stretch of words. */
export type CaptionRow = Transcript['lines'][number];

/** What is being said, and what was. */
export interface Captions {
  /** Interim captions and fresh finals, in the order in which they began to be heard. */
  readonly live: readonly LiveCaption[];
  /** Everything that became final, in the order of the meeting. */
  readonly lines: readonly CaptionRow[];
  /** Where `getTranscript` goes on. */
  readonly since: number;
}

interface LiveCaption {
  readonly caption: Caption;
  /** By the page's own clock, when it last changed. */
  readonly atMs: number;
}

export const NO_CAPTIONS: Captions = { live: [], lines: [], since: 0 };

/** How long words stay on the picture after they were said: long enough to finish reading two lines. */
export const SHOWN_FOR_MS = 6_000;
/** More speakers at once than this nobody reads. */
const MOST_SHOWN = 2;

/** Takes a caption. A final is never changed again, and neither are its committed words, whatever arrives late. */
export const withCaption = (captions: Captions, caption: Caption, atMs: number): Captions => {
  const known = captions.live.find((each) => each.caption.id === caption.id)?.caption;
  if (known?.isFinal || captions.lines.some((line) => line.id === caption.id)) return captions;
  const kept = captions.live.filter((each) => atMs - each.atMs < SHOWN_FOR_MS);
  const at = kept.findIndex((each) => each.caption.id === caption.id);
  const entry = { caption: keepCommitted(known, caption), atMs };
  return {
    ...captions,
    live: at === -1 ? [...kept, entry] : kept.with(at, entry),
    lines: caption.isFinal ? insert(captions.lines, [lineOf(entry.caption)]) : captions.lines,
  };
};

/** Takes an answer to `getTranscript`; lines that came live already are there once. */
export const withTranscript = (captions: Captions, { lines, last }: Transcript): Captions => ({
  ...captions,
  lines: insert(captions.lines, lines),
  since: Math.max(captions.since, last),
});

/** What stands on the picture now: the newest few that are not too old, in the order in which they began. */
export const shownAt = ({ live }: Captions, nowMs: number): readonly Caption[] =>
  live
    .filter(({ caption, atMs }) => caption.text.trim() !== '' && nowMs - atMs < SHOWN_FOR_MS)
    .slice(-MOST_SHOWN)
    .map(({ caption }) => caption);

/** Of `lines` on the picture, how many each of `count` captions gets: one at least, and the newest what is left. */
export const linesOfEach = (count: number, lines: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => (at < count - 1 ? 1 : Math.max(1, lines - at)));

/** A run of one party's lines, as people read it. */
export interface Paragraph {
  readonly partyIndex: number;
  readonly startMs: number;
  readonly lines: readonly CaptionRow[];
}

export const paragraphsOf = (lines: readonly CaptionRow[]): readonly Paragraph[] => {
  const paragraphs: { partyIndex: number; startMs: number; lines: CaptionRow[] }[] = [];
  for (const line of lines) {
    const last = paragraphs.at(-1);
    if (last?.partyIndex === line.partyIndex) last.lines.push(line);
    else paragraphs.push({ partyIndex: line.partyIndex, startMs: line.startMs, lines: [line] });
  }
  return paragraphs;
};

const lineOf = ({ partyIndex, id, text, startMs, endMs }: Caption): CaptionRow => ({
  partyIndex,
  id,
  text,
  startMs,
  endMs,
});

const keepCommitted = (known: Caption | undefined, next: Caption): Caption => {
  if (known === undefined) return next;
  const committed = known.text.slice(0, known.committed);
  return next.text.startsWith(committed) ? next : { ...next, text: known.text, committed: known.committed };
};

/** Lines become final out of the order in which they were said, when two speak at once. */
const insert = (lines: readonly CaptionRow[], more: readonly CaptionRow[]): readonly CaptionRow[] => {
  const known = new Set(lines.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return lines;
  return [...lines, ...fresh].sort((a, b) => a.startMs - b.startMs);
};
