import type { Caption, Transcript } from '../../../media/signalling/messages.ts';

export type TranscriptLine = Transcript['lines'][number];

export interface Captions {
  /** Interim captions and recent finals, in the order in which their first words came. */
  readonly live: readonly LiveCaption[];
  /** All finals, in the order of the meeting's clock. */
  readonly lines: readonly TranscriptLine[];
  /** For the next `getTranscript`. */
  readonly since: number;
}

interface LiveCaption {
  readonly caption: Caption;
  /** When it last changed, on the page's clock. */
  readonly atMs: number;
}

export const NO_CAPTIONS: Captions = { live: [], lines: [], since: 0 };

/** How long a caption stays on the video after its last change: long enough to finish reading two lines. */
export const DISPLAY_MS = 6_000;
/** No one reads more speakers at once. */
const MAX_VISIBLE = 2;

/** Adds or updates a caption. Finals and committed words never change, whatever arrives late. */
export const withCaption = (captions: Captions, caption: Caption, atMs: number): Captions => {
  const known = captions.live.find((live) => live.caption.id === caption.id)?.caption;
  if (known?.isFinal || captions.lines.some((line) => line.id === caption.id)) return captions;
  const current = captions.live.filter((live) => atMs - live.atMs < DISPLAY_MS);
  const index = current.findIndex((live) => live.caption.id === caption.id);
  const entry = { caption: keepCommitted(known, caption), atMs };
  return {
    ...captions,
    live: index === -1 ? [...current, entry] : current.with(index, entry),
    // A final without text withdraws what was shown.
    lines:
      caption.isFinal && caption.text.trim() !== ''
        ? mergeLines(captions.lines, [lineOf(entry.caption)])
        : captions.lines,
  };
};

/** Adds a response to `getTranscript`; lines that came live already are not repeated. */
export const withTranscript = (captions: Captions, { lines, last }: Transcript): Captions => ({
  ...captions,
  lines: mergeLines(captions.lines, lines),
  since: Math.max(captions.since, last),
});

/** What to show over the video: the newest few that are not too old, in the order in which they began. */
export const visibleCaptions = ({ live }: Captions, nowMs: number): readonly Caption[] =>
  live
    .filter(({ caption, atMs }) => caption.text.trim() !== '' && nowMs - atMs < DISPLAY_MS)
    .slice(-MAX_VISIBLE)
    .map(({ caption }) => caption);

/** How `lines` are divided among `count` captions: one each, and the rest to the newest. */
export const lineCounts = (count: number, lines: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index < count - 1 ? 1 : Math.max(1, lines - index)));

/** Consecutive lines of one party. */
export interface Paragraph {
  readonly partyIndex: number;
  readonly startMs: number;
  readonly lines: readonly TranscriptLine[];
}

export const groupIntoParagraphs = (lines: readonly TranscriptLine[]): readonly Paragraph[] => {
  const paragraphs: { partyIndex: number; startMs: number; lines: TranscriptLine[] }[] = [];
  for (const line of lines) {
    const last = paragraphs.at(-1);
    if (last?.partyIndex === line.partyIndex) last.lines.push(line);
    else paragraphs.push({ partyIndex: line.partyIndex, startMs: line.startMs, lines: [line] });
  }
  return paragraphs;
};

const lineOf = ({ partyIndex, id, text, startMs, endMs }: Caption): TranscriptLine => ({
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

/** Sorted by time: when two people speak at once, lines become final out of order. */
const mergeLines = (
  lines: readonly TranscriptLine[],
  more: readonly TranscriptLine[],
): readonly TranscriptLine[] => {
  const known = new Set(lines.map(({ id }) => id));
  const added = more.filter(({ id }) => !known.has(id));
  if (added.length === 0) return lines;
  return [...lines, ...added].sort((a, b) => a.startMs - b.startMs);
};
