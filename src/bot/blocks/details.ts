import type { KnownBlock, ModalView, SectionBlock } from '@slack/types';
import { colourOf } from '../../core/palette.ts';
import type { ResultDetails } from '../../core/ports.ts';
import { formatDuration, formatShare } from '../../core/talk-time/format.ts';
import type { TalkTime } from '../../core/talk-time/types.ts';
import { describeLanguages } from '../../core/transcript/languages.ts';
import { BUTTONS } from '../sentences/common.ts';
import { DETAILS, FIGURES, type Figure, speakerFigures } from '../sentences/results.ts';
import { rankSpeakers, speakerLabel } from './figures.ts';
import { bold, line, square, words } from './rich.ts';
import { clean } from './text.ts';

/** A dialog has 100 blocks, and a speaker two. */
const MAX_SPEAKERS = 45;
const TITLE_MAX = 150;

/**
 * Every figure of a result, as a dialog. Each speaker has a table of two columns, of a section's fields: in dialogs, Slack
 * takes no table block.
 * @see https://docs.slack.dev/reference/block-kit/blocks/table-block
 */
export const buildDetails = ({ title, transcript, talkTime }: ResultDetails): ModalView => {
  const { shown, others } = rankSpeakers(talkTime, MAX_SPEAKERS);
  const languages = describeLanguages(transcript.languages);
  return {
    type: 'modal',
    title: { type: 'plain_text', text: DETAILS.title },
    close: { type: 'plain_text', text: BUTTONS.close },
    blocks: [
      line(
        bold(clean(title, TITLE_MAX)),
        words(`\n${FIGURES.heading(talkTime.durationMs, talkTime.parties.length)}`),
        ...(languages === null ? [] : [words(` · ${languages}`)]),
      ),
      table(ofAll(talkTime)),
      { type: 'divider' },
      ...shown.flatMap(({ talk, percent }): KnownBlock[] => [
        line(square(colourOf(talk.party)), bold(` ${speakerLabel(talk.party, transcript.parties)}`)),
        table(speakerFigures(talk, percent)),
      ]),
      ...(others === null ? [] : [line(words(others))]),
    ],
  };
};

const ofAll = ({ durationMs, speechMs, silenceMs, overlapMs }: TalkTime): readonly Figure[] => {
  const part = (ms: number): string =>
    durationMs === 0 ? formatDuration(ms) : `${formatDuration(ms)} (${formatShare(ms / durationMs)})`;
  return [
    [DETAILS.talking, part(speechMs)],
    [DETAILS.silence, part(silenceMs)],
    [DETAILS.overlap, part(overlapMs)],
  ];
};

/** Of words and numbers of ours alone, which need no escaping. */
const table = (figures: readonly Figure[]): SectionBlock => ({
  type: 'section',
  fields: figures.map(([name, value]) => ({ type: 'mrkdwn', text: `${name}: *${value}*` })),
});
