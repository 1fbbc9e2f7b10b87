import type { KnownBlock } from '@slack/types';
import { colourOf } from '../../core/palette.ts';
import { formatDuration, formatShare, roundShares } from '../../core/talk-time/format.ts';
import type { TalkTime } from '../../core/talk-time/types.ts';
import type { Party } from '../../core/transcript/types.ts';
import { NAMELESS } from '../sentences/common.ts';
import { FIGURES, speakerFigures } from '../sentences/results.ts';
import { bold, line, square, words } from './rich.ts';
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

/** How long the conversation was, and how much of it was speech. */
export const buildSummary = (talkTime: TalkTime, language: string | null): Figures => {
  const { durationMs, speechMs, overlapMs, silenceMs, parties } = talkTime;
  const part = (ms: number): string => (durationMs === 0 ? formatDuration(ms) : formatShare(ms / durationMs));
  const heading = FIGURES.heading(parties.length, durationMs, language);
  const details = [
    FIGURES.talking(part(speechMs)),
    FIGURES.silence(part(silenceMs)),
    ...(overlapMs === 0 ? [] : [FIGURES.overlap(overlapMs)]),
  ];
  return {
    lines: [`${heading}. ${details.join(' · ')}.`],
    blocks: [line(bold(heading), words(`\n${details.map(unbroken).join(' · ')}`))],
  };
};

/** A short paragraph for each speaker, the longest speaking first, each beside the colour it has in the chart. */
export const buildSpeakers = (talkTime: TalkTime, parties: readonly Party[]): Figures => {
  const shares = roundShares(talkTime.parties.map(({ share }) => share));
  const ordered = talkTime.parties
    .map((party, index) => ({ party, share: shares[index]! }))
    .sort((a, b) => b.party.speakingMs - a.party.speakingMs || a.party.party - b.party.party);
  const rest = ordered.slice(MAX_SPEAKERS);
  const shown = ordered.slice(0, MAX_SPEAKERS).map(({ party, share }) => ({
    colour: colourOf(party.party),
    name: speakerName(parties[party.party]),
    share: FIGURES.share(share),
    figures: speakerFigures(party),
  }));
  const others =
    rest.length === 0
      ? []
      : [
          FIGURES.others(
            rest.length,
            rest.reduce((sum, { share }) => sum + share, 0),
          ),
        ];
  return {
    lines: [
      ...shown.map(({ name, share, figures }) => `${name}: ${share}. ${figures.join(' · ')}.`),
      ...others,
    ],
    blocks: [
      ...shown.map(({ colour, name, share, figures }) =>
        line(square(colour), bold(` ${name}  ${share}`), words(`\n${figures.map(unbroken).join(' · ')}`)),
      ),
      ...others.map((text) => line(words(text))),
    ],
  };
};

/** In narrow threads a line breaks between two figures, never within one. */
const unbroken = (figure: string): string => figure.replaceAll(' ', '\u00a0');
