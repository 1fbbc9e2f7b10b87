import type { ActionsBlock, ContextBlock, KnownBlock } from '@slack/types';
import { EXPORT_FORMATS } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { ResultMessage } from '../../core/thread-message.ts';
import { describeDoubt, describeLanguages } from '../../core/transcript/languages.ts';
import { UNTITLED } from '../sentences/common.ts';
import { RESULT } from '../sentences/results.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { buildSpeakers, buildSummary } from './figures.ts';
import type { Built } from './rich.ts';
import { clean, cutEscaped, escapeMrkdwn, MAX_TEXT } from './text.ts';
import { type ShownTranscript, showTranscript } from './transcript.ts';

/** Slack's limits for a message. @see https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = 50;
/**
 * Slack refuses blocks of about 13,200 characters together and does not document how it counts them. We count their whole
 * JSON, which is never less than any other way.
 */
const MAX_CHARACTERS = 13_000;
const MAX_TITLE = 150;
const MAX_ALT_TEXT = 2_000;
const MAX_REMARKS = 9;
const MAX_REMARK = 300;

export interface BuiltResult extends Built {
  /** Whether the whole transcript is in the message. */
  readonly whole: boolean;
}

/**
 * A result: chart, talk time, transcript, and buttons to name speakers and to share the transcript. The transcript is
 * shown as far as there is room, or not at all.
 */
export const buildResult = (
  message: ResultMessage,
  how: { readonly transcript: 'shown' | 'in-file' } = { transcript: 'shown' },
): BuiltResult => {
  const title = clean(message.title, MAX_TITLE) || UNTITLED.recording;
  const summary = buildSummary(message.talkTime, describeLanguages(message.transcript.languages));
  const speakers = buildSpeakers(message.talkTime, message.transcript.parties);
  const remarks = remarksOf(message);
  const before: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
    ...summary.blocks,
    chartBlock(message),
    ...speakers.blocks,
    { type: 'divider' },
  ];
  const after = [...(remarks.length === 0 ? [] : [context(remarks)]), actions(message.conversationId)];
  const transcript =
    how.transcript === 'in-file'
      ? NOT_SHOWN
      : showTranscript(message.transcript, {
          // One is kept for the line about the attached file.
          blocks: MAX_BLOCKS - before.length - after.length - 1,
          characters: MAX_CHARACTERS - JSON.stringify([...before, ...after, BEGINNING]).length,
        });
  const lines = [`${title}: ${summary.lines.join(' ')}`, ...speakers.lines, '', ...transcript.lines];
  return {
    whole: transcript.whole,
    text: cutEscaped(escapeMrkdwn(lines.join('\n')), MAX_TEXT),
    blocks: [
      ...before,
      ...transcript.blocks,
      ...(transcript.whole ? [] : [whereTheRestIs(transcript)]),
      ...after,
    ],
  };
};

const chartBlock = ({ chart, talkTime }: ResultMessage): KnownBlock =>
  chart === null
    ? context([talkTime.speechMs === 0 ? RESULT.noTimes : RESULT.noChart])
    : {
        type: 'image',
        slack_file: { id: chart.fileId },
        alt_text: clean(chart.altText, MAX_ALT_TEXT) || RESULT.chart,
      };

/** Plain text, which Slack does not parse. */
const context = (sentences: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: sentences.map((text) => ({ type: 'plain_text', text, emoji: false })),
});

const BEGINNING = context([RESULT.beginning]);
const NOT_SHOWN: ShownTranscript = { blocks: [], lines: [], whole: false };

const whereTheRestIs = ({ blocks }: ShownTranscript): ContextBlock =>
  blocks.length > 0 ? BEGINNING : context([RESULT.inFile]);

const remarksOf = ({ transcript }: ResultMessage): string[] => [
  ...(transcript.approximateSpeakers ? [RESULT.approximate] : []),
  ...[describeDoubt(transcript)].filter((sentence) => sentence !== null),
  ...transcript.remarks.slice(0, MAX_REMARKS).map((remark) => clean(remark, MAX_REMARK)),
];

const actions = (conversationId: ConversationId): ActionsBlock => ({
  type: 'actions',
  elements: [
    button(ACTIONS.nameSpeakers, RESULT.nameSpeakers, { style: 'primary', value: conversationId }),
    ...EXPORT_FORMATS.map((format) =>
      button(`${ACTIONS.exportPrefix}${format}`, RESULT.share(format.toUpperCase()), {
        label: RESULT.shareLabel(format.toUpperCase()),
        value: conversationId,
      }),
    ),
  ],
});
