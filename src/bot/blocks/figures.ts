import type { KnownBlock } from '@slack/types';
import { colourOf, letterOf } from '../../core/palette.ts';
import { formatDuration, roundShares } from '../../core/talk-time/format.ts';
import type { PartyTalkTime, TalkTime } from '../../core/talk-time/types.ts';
import type { Party } from '../../core/transcript/types.ts';
import { NAMELESS } from '../sentences/common.ts';
import { FIGURES } from '../sentences/results.ts';
import { bold, paragraph, rich, square, words } from './rich.ts';
import { clean } from './text.ts';

/** More would push the transcript out of the message; the rest is summed up in one line. */
const MAX_SPEAKERS = 12;
const NAME_MAX = 60;

/** Figures as blocks, and as lines for screen readers. */
export interface Figures {
  readonly lines: readonly string[];
  readonly blocks: readonly KnownBlock[];
}

export const speakerName = (party: Party | undefined): string =>
  clean(party?.name ?? '', NAME_MAX) || NAMELESS;

/** The name with the letter that chart, list and transcript give the speaker; without one for a speaker who is alone. */
export const speakerLabel = (party: number, parties: readonly Party[]): string => {
  const name = speakerName(parties[party]);
  return parties.length < 2 ? name : `${letterOf(party)} · ${name}`;
};

/** A party's talk time with its share in whole percent, which add up to 100 over all. */
export interface RankedSpeaker {
  readonly talk: PartyTalkTime;
  readonly percent: number;
}

/** The `max` who speak longest, in the order of chart and transcript, and what is left of the others. */
export const rankSpeakers = (
  { parties }: TalkTime,
  max: number,
): { readonly shown: readonly RankedSpeaker[]; readonly others: string | null } => {
  const percents = roundShares(parties.map(({ share }) => share));
  const ranked = parties
    .map((talk, at) => ({ talk, percent: percents[at]! }))
    .sort((a, b) => b.talk.speakingMs - a.talk.speakingMs || a.talk.party - b.talk.party);
  const rest = ranked.slice(max);
  return {
    shown: ranked.slice(0, max).sort((a, b) => a.talk.party - b.talk.party),
    others:
      rest.length === 0
        ? null
        : FIGURES.others(
            rest.length,
            rest.reduce((sum, { percent }) => sum + percent, 0),
          ),
  };
};

/** A line for each speaker, beside the colour and the letter they have in the chart. */
export const buildSpeakers = (talkTime: TalkTime, parties: readonly Party[]): Figures => {
  const { shown, others } = rankSpeakers(talkTime, MAX_SPEAKERS);
  const left = others === null ? [] : [others];
  return {
    lines: [
      ...shown.map(({ talk, percent }) => {
        const spoken = formatDuration(talk.speakingMs);
        return `${speakerName(parties[talk.party])}: ${FIGURES.share(percent)} · ${spoken}`;
      }),
      ...left,
    ],
    blocks: [
      rich(
        ...shown.map(({ talk, percent }) =>
          paragraph(
            square(colourOf(talk.party)),
            bold(` ${speakerLabel(talk.party, parties)}`),
            // In a narrow thread, the figures stay together on one line.
            words(`  ${FIGURES.share(percent)}\u00a0·\u00a0${formatDuration(talk.speakingMs)}`),
          ),
        ),
        ...left.map((text) => paragraph(words(text))),
      ),
    ],
  };
};
