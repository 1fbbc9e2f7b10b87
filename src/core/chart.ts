import { colourOf, letterOf, OTHERS_COLOUR, PALETTE } from './palette.ts';
import { roundShares } from './talk-time/format.ts';
import type { TalkTime } from './talk-time/types.ts';
import type { PartyIndex, Transcript } from './transcript/types.ts';

/** A pie chart of talk time, with colours, order, groups and labels. */
export interface PieChart {
  readonly slices: readonly PieSlice[];
}

export interface PieSlice {
  /** The speaker's name; the renderer shortens it to fit. */
  readonly label: string;
  /** As in the text beside the chart; null for "Others", and for a speaker who is alone. */
  readonly letter: string | null;
  readonly speakingMs: number;
  /** 0 to 1. */
  readonly share: number;
  /** As in the text beside the chart: whole percentages, which add up to 100 over the slices. */
  readonly percent: number;
  /** CSS hex colour. */
  readonly colour: string;
}

/** A smaller slice has no room for a label. */
const SMALL_SHARE = 0.03;
/** Including "Others". */
const MAX_SLICES = 8;

interface Speaker {
  readonly party: PartyIndex;
  readonly speakingMs: number;
  readonly share: number;
  readonly percent: number;
}

/**
 * Slices in the parties' order, with each party's colour; parties without speech are left out. Shares under 3% (when
 * there are several) and parties past the palette become "Others (n)", at the end, and so do the smallest of the rest
 * until at most 8 slices are left. A group of one keeps its name. No slices when no one speaks.
 */
export const talkTimePie = (transcript: Transcript, talkTime: TalkTime): PieChart => {
  const percents = roundShares(talkTime.parties.map(({ share }) => share));
  const speakers = talkTime.parties
    .map(({ party, speakingMs, share }, at) => ({ party, speakingMs, share, percent: percents[at]! }))
    .filter(({ speakingMs }) => speakingMs > 0);
  const { shown, others } = divide(speakers);
  const slices = shown.map(
    ({ party, speakingMs, share, percent }): PieSlice => ({
      label: transcript.parties[party]!.name,
      letter: transcript.parties.length === 1 ? null : letterOf(party),
      speakingMs,
      share,
      percent,
      colour: colourOf(party).hex,
    }),
  );
  if (others.length === 0) return { slices };
  return {
    slices: [
      ...slices,
      {
        label: `Others (${others.length})`,
        letter: null,
        speakingMs: others.reduce((sum, { speakingMs }) => sum + speakingMs, 0),
        share: others.reduce((sum, { share }) => sum + share, 0),
        percent: others.reduce((sum, { percent }) => sum + percent, 0),
        colour: OTHERS_COLOUR.hex,
      },
    ],
  };
};

const divide = (speakers: readonly Speaker[]): { shown: readonly Speaker[]; others: readonly Speaker[] } => {
  const small = speakers.filter(({ share }) => share < SMALL_SHARE);
  // When all are small, only the number of slices counts.
  const several = small.length > 1 && small.length < speakers.length;
  const pastPalette = speakers.filter(({ party }) => party >= PALETTE.length);
  const grouped = new Set([...pastPalette, ...(several ? small : [])]);
  const bySize = speakers
    .filter((one) => !grouped.has(one))
    .sort((a, b) => a.share - b.share || b.party - a.party);
  while (bySize.length + (grouped.size > 0 ? 1 : 0) > MAX_SLICES) grouped.add(bySize.shift()!);
  if (grouped.size === 1) return { shown: speakers, others: [] };
  return {
    shown: speakers.filter((one) => !grouped.has(one)),
    others: speakers.filter((one) => grouped.has(one)),
  };
};
