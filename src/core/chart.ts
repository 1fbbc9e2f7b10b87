import { colourOf, OTHERS_COLOUR, PALETTE } from './palette.ts';
import { roundShares } from './talk-time/format.ts';
import type { TalkTime } from './talk-time/types.ts';
import type { PartyIndex, Transcript } from './transcript/types.ts';

/** A pie of talk time, ready to draw: colours, order, grouping of small shares and labels are decided here in core. */
export interface PieChart {
  readonly title: string;
  readonly slices: readonly PieSlice[];
}

export interface PieSlice {
  /** The speaker's name, as given; the renderer shortens what does not fit. */
  readonly label: string;
  readonly speakingMs: number;
  /** 0 to 1. */
  readonly share: number;
  /** The share as the text beside the picture says it: whole per cents, which add up to 100 over the slices. */
  readonly percent: number;
  /** CSS hex colour. */
  readonly colour: string;
}

/** A smaller slice cannot carry a label, and several are noise. */
const SMALL_SHARE = 0.03;
/** More cannot be told apart; "Others" is one of them. */
const MOST_SLICES = 8;

interface Speaker {
  readonly party: PartyIndex;
  readonly speakingMs: number;
  readonly share: number;
  readonly percent: number;
}

/**
 * The slices stand in the parties' order with each party's own colour; those without speech are left out. Shares
 * under 3 % (when there are several) and parties past the palette become "Others (n)", at the end, and so do the
 * smallest of the rest until at most 8 slices are left. A group of one keeps its name. No slices when nobody speaks.
 */
export const talkTimePie = (transcript: Transcript, talkTime: TalkTime, title: string): PieChart => {
  const percents = roundShares(talkTime.parties.map(({ share }) => share));
  const speakers = talkTime.parties
    .map(({ party, speakingMs, share }, at) => ({ party, speakingMs, share, percent: percents[at]! }))
    .filter(({ speakingMs }) => speakingMs > 0);
  const { shown, others } = divide(speakers);
  const slices = shown.map(
    ({ party, speakingMs, share, percent }): PieSlice => ({
      label: transcript.parties[party]!.name,
      speakingMs,
      share,
      percent,
      colour: colourOf(party).hex,
    }),
  );
  if (others.length === 0) return { title, slices };
  return {
    title,
    slices: [
      ...slices,
      {
        label: `Others (${others.length})`,
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
  // When all are small, small is what this conversation is like, and only the number of slices counts.
  const several = small.length > 1 && small.length < speakers.length;
  const pastPalette = speakers.filter(({ party }) => party >= PALETTE.length);
  const grouped = new Set([...pastPalette, ...(several ? small : [])]);
  const bySize = speakers
    .filter((one) => !grouped.has(one))
    .sort((a, b) => a.share - b.share || b.party - a.party);
  while (bySize.length + (grouped.size > 0 ? 1 : 0) > MOST_SLICES) grouped.add(bySize.shift()!);
  if (grouped.size === 1) return { shown: speakers, others: [] };
  return {
    shown: speakers.filter((one) => !grouped.has(one)),
    others: speakers.filter((one) => grouped.has(one)),
  };
};
