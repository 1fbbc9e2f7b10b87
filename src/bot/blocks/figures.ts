import type { KnownBlock } from '@slack/types';
import { colourOf } from '../../core/palette.ts';
import { formatDuration, formatShare, roundShares } from '../../core/talk-time/format.ts';
import type { PartyTalkTime, TalkTime } from '../../core/talk-time/types.ts';
import type { Party } from '../../core/transcript/types.ts';
import { bold, line, square, words } from './rich.ts';
import { clean, count } from './text.ts';

/** More would push the transcript out of the message; the rest is summed up in one line. */
const MAX_SPEAKERS = 12;
const NAME_MAX = 60;

/** Figures as both of a message's faces need them: blocks for eyes, lines for screen readers. */
export interface Figures {
  readonly lines: readonly string[];
  readonly blocks: readonly KnownBlock[];
}

export const speakerName = (party: Party | undefined): string =>
  clean(party?.name ?? '', NAME_MAX) || 'Somebody';

/** How long the conversation was, and what happened in that time. */
export const buildSummary = (talkTime: TalkTime): Figures => {
  const { durationMs, speechMs, overlapMs, silenceMs } = talkTime;
  const part = (ms: number): string =>
    durationMs === 0 ? formatDuration(ms) : `${formatDuration(ms)} (${formatShare(ms / durationMs)})`;
  const speakers = count(talkTime.parties.length, 'speaker');
  const details = [
    `speech ${part(speechMs)}`,
    `two or more at once ${part(overlapMs)}`,
    `silence ${part(silenceMs)}`,
  ];
  return {
    lines: [`${speakers}, ${formatDuration(durationMs)} long. ${details.join(' · ')}.`],
    blocks: [
      line(
        bold(`${speakers} · ${formatDuration(durationMs)}`),
        words(`\n${details.map(unbroken).join(' · ')}`),
      ),
    ],
  };
};

/** A short paragraph a speaker, who spoke longest first, each beside the colour it has in the chart. */
export const buildSpeakers = (talkTime: TalkTime, parties: readonly Party[]): Figures => {
  const shares = roundShares(talkTime.parties.map(({ share }) => share));
  const ordered = talkTime.parties
    .map((party, index) => ({ party, share: shares[index]! }))
    .sort((a, b) => b.party.speakingMs - a.party.speakingMs || a.party.party - b.party.party);
  const shown = ordered.slice(0, MAX_SPEAKERS);
  const rest = ordered.slice(MAX_SPEAKERS);
  const said = shown.map(({ party, share }) => ({
    colour: colourOf(party.party),
    name: speakerName(parties[party.party]),
    share: `${share} %`,
    details: describeSpeaker(party),
  }));
  const others = rest.length === 0 ? null : describeOthers(rest);
  return {
    lines: [
      ...said.map(({ name, share, details }) => `${name}: ${share}. ${details.join(' · ')}.`),
      ...(others === null ? [] : [others]),
    ],
    blocks: [
      ...said.map(({ colour, name, share, details }) =>
        line(square(colour), bold(` ${name}  ${share}`), words(`\n${details.map(unbroken).join(' · ')}`)),
      ),
      ...(others === null ? [] : [line(words(others))]),
    ],
  };
};

/** Every figure with the words that say what it is, since no legend stands beside it. */
const describeSpeaker = (party: PartyTalkTime): readonly string[] => [
  `spoke ${formatDuration(party.speakingMs)}`,
  count(party.turns, 'turn'),
  `longest turn ${formatDuration(party.longestTurnMs)}`,
  ...(party.wordsPerMinute === null ? [] : [`${Math.round(party.wordsPerMinute)} words a minute`]),
  count(party.questions, 'question'),
  count(party.interruptions, 'interruption'),
  ...(party.responseMs === null ? [] : [`response time ${formatSeconds(party.responseMs)}`]),
];

/** In narrow threads a line breaks between two figures, never within one. */
const unbroken = (figure: string): string => figure.replaceAll(' ', '\u00a0');

const describeOthers = (rest: readonly { party: PartyTalkTime; share: number }[]): string => {
  const share = rest.reduce((sum, other) => sum + other.share, 0);
  return `and ${count(rest.length, 'other')} with ${share} % together`;
};

/** Tenths below ten seconds: whether an answer comes after 0.3 s or 1.2 s is the whole difference. */
const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
