import type { ActionsBlock, ContextBlock, KnownBlock } from '@slack/types';
import { EXPORT_FORMATS } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import { shorten } from '../../core/single-line.ts';
import type { ResultMessage } from '../../core/thread-message.ts';
import { ACTIONS } from './actions.ts';
import { buildSpeakers, buildSummary } from './figures.ts';
import type { Built } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';
import { showTranscript } from './transcript.ts';

/** Slack's limits for a message. @see https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = 50;
/**
 * Slack refuses blocks of about 13,200 characters together and does not say how it counts them. We count their
 * whole JSON, which is never less than any other way.
 */
const MAX_CHARACTERS = 13_000;
/** Slack cuts `text` at 40,000 and asks for 4,000; escaping comes on top. */
const MAX_TEXT = 3_800;
const MAX_TITLE = 150;
const MAX_ALT_TEXT = 2_000;
const MAX_REMARKS = 9;
const MAX_REMARK = 300;

export interface BuiltResult extends Built {
  /** Whether the whole transcript is in the message. */
  readonly whole: boolean;
}

/** Who spoke how much and who said what: chart, figures, transcript, and what can be done with them. */
export const buildResult = (message: ResultMessage): BuiltResult => {
  const title = clean(message.title, MAX_TITLE) || 'Recording';
  const summary = buildSummary(message.talkTime);
  const speakers = buildSpeakers(message.talkTime, message.transcript.parties);
  const remarks = remarksOf(message);
  const before: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
    ...summary.blocks,
    chartBlock(message.chart),
    ...speakers.blocks,
    { type: 'divider' },
  ];
  const after = [...(remarks.length === 0 ? [] : [context(remarks)]), actions(message.conversationId)];
  const transcript = showTranscript(message.transcript, {
    // One is kept for the line that leads to the file.
    blocks: MAX_BLOCKS - before.length - after.length - 1,
    characters: MAX_CHARACTERS - JSON.stringify([...before, ...after, IN_FILE]).length,
  });
  const lines = [`${title}: ${summary.lines.join(' ')}`, ...speakers.lines, '', ...transcript.lines];
  return {
    whole: transcript.whole,
    text: escapeMrkdwn(shorten(lines.join('\n'), MAX_TEXT)),
    blocks: [...before, ...transcript.blocks, ...(transcript.whole ? [] : [IN_FILE]), ...after],
  };
};

const chartBlock = (chart: ResultMessage['chart']): KnownBlock =>
  chart === null
    ? context(['The chart could not be drawn this time. The figures below are complete.'])
    : {
        type: 'image',
        slack_file: { id: chart.fileId },
        alt_text: clean(chart.altText, MAX_ALT_TEXT) || 'Talk time by speaker',
      };

/** Plain text, which Slack does not parse. */
const context = (sentences: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: sentences.map((text) => ({ type: 'plain_text', text, emoji: false })),
});

const IN_FILE = context(['This is the beginning. The whole transcript is in the file below.']);

const remarksOf = ({ transcript }: ResultMessage): string[] => [
  ...(transcript.approximateSpeakers
    ? [
        'Speakers are approximate: who spoke may be wrong in places. “Name speakers” lets you listen and merge.',
      ]
    : []),
  ...transcript.remarks.slice(0, MAX_REMARKS).map((remark) => clean(remark, MAX_REMARK)),
];

const actions = (conversationId: ConversationId): ActionsBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      style: 'primary',
      action_id: ACTIONS.nameSpeakers,
      text: { type: 'plain_text', text: 'Name speakers' },
      value: conversationId,
    },
    ...EXPORT_FORMATS.map((format) => ({
      type: 'button' as const,
      action_id: `${ACTIONS.exportPrefix}${format}`,
      text: { type: 'plain_text' as const, text: format.toUpperCase() },
      accessibility_label: `Share the transcript as a ${format.toUpperCase()} file`,
      value: conversationId,
    })),
  ],
});
