import { shorten, toSingleLine } from '../single-line.ts';
import type { Transcript } from '../transcript/types.ts';
import type { TalkTime } from './types.ts';

/** "0:07", "12:05", "1:02:09". Rounded once, to the second, so that no part ever reads 60. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
};

/** "62%"; a share above zero never reads "0%". For several that should add up, use `roundShares`. */
export const formatShare = (share: number): string =>
  share > 0 && share < 0.005 ? '<1%' : `${Math.round(share * 100)}%`;

/**
 * Shares (0 to 1, summing to 1) as whole percentages that sum to 100, each less than one away from its share: the
 * largest remainders are rounded up, the earlier first. All zero when the shares are.
 */
export const roundShares = (shares: readonly number[]): readonly number[] => {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (sum <= 0) return shares.map(() => 0);
  const exact = shares.map((share) => (share / sum) * 100);
  const whole = exact.map(Math.floor);
  const missing = 100 - whole.reduce((total, value) => total + value, 0);
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - whole[i]! }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, missing)) whole[i]! += 1;
  return whole;
};

/** The chat service refuses longer alternative texts. */
const MAX_DESCRIPTION_LENGTH = 2_000;
const MAX_NAME_LENGTH = 80;

/**
 * The chart as text, for screen readers: "Pie chart of talk time: Ann 62% (3:10), Bob 38% (1:56). Speech 5:00 of 5:30,
 * overlap 0:06, silence 0:30." At most 2,000 characters; speakers who do not fit are counted.
 */
export const describeTalkTime = (transcript: Transcript, talkTime: TalkTime): string => {
  const { durationMs, speechMs, overlapMs, silenceMs } = talkTime;
  const percents = roundShares(talkTime.parties.map(({ share }) => share));
  const speakers = talkTime.parties
    .map(({ party, speakingMs }, i) => ({
      name: transcript.parties[party]!.name,
      speakingMs,
      percent: percents[i]!,
    }))
    .filter(({ speakingMs }) => speakingMs > 0)
    .map(
      (one) =>
        `${shorten(toSingleLine(one.name), MAX_NAME_LENGTH)} ${one.percent}% (${formatDuration(one.speakingMs)})`,
    );
  const whole =
    `Speech ${formatDuration(speechMs)} of ${formatDuration(durationMs)}, ` +
    `overlap ${formatDuration(overlapMs)}, silence ${formatDuration(silenceMs)}.`;
  if (speakers.length === 0) return `No one speaks. ${whole}`;

  const build = (shown: number): string => {
    const more = speakers.length - shown;
    const list = [...speakers.slice(0, shown), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
    return `Pie chart of talk time: ${list}. ${whole}`;
  };
  let shown = speakers.length;
  while (build(shown).length > MAX_DESCRIPTION_LENGTH) shown -= 1;
  return build(shown);
};
