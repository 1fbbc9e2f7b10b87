import type { ActionsBlock, ContextBlock, KnownBlock } from '@slack/types';
import type { ConversationId } from '../../core/ids.ts';
import type { ResultMessage } from '../../core/thread-message.ts';
import { describeDoubt } from '../../core/transcript/languages.ts';
import { isShortVoice } from '../../core/transcript/short-voice.ts';
import { UNTITLED } from '../sentences/common.ts';
import { FIGURES, RESULT } from '../sentences/results.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { buildSpeakers, type Figures } from './figures.ts';
import type { Built } from './rich.ts';
import { shareMenu } from './share-menu.ts';
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
 * A result: how long and who, what to do with it, chart, talk time, transcript. The transcript is shown as far as there is
 * room, or not at all. Of a short voice message the words come first, and its figures are behind a button.
 */
export const buildResult = (
  message: ResultMessage,
  how: { readonly transcript: 'shown' | 'in-file' } = { transcript: 'shown' },
): BuiltResult => {
  const { transcript, talkTime } = message;
  const { name, figures } = titleOf(message);
  const title = `${name}${SEPARATOR}${figures}`;
  const isShort = isShortVoice(transcript);
  const speakers = isShort ? NO_FIGURES : buildSpeakers(talkTime, transcript.parties);
  const remarks = remarksOf(message);
  const header: KnownBlock = {
    type: 'header',
    text: { type: 'plain_text', text: `${name}${SEPARATOR}${unbroken(figures)}`, emoji: false },
  };
  const toDo = actions(message.conversationId);
  const before: KnownBlock[] = isShort
    ? [header]
    : [header, toDo, chartBlock(message), ...speakers.blocks, { type: 'divider' }];
  const after = [...(remarks.length === 0 ? [] : [context(remarks)]), ...(isShort ? [toDo] : [])];
  const shown =
    how.transcript === 'in-file'
      ? NOT_SHOWN
      : showTranscript(transcript, {
          // One is kept for the line about the attached file.
          blocks: MAX_BLOCKS - before.length - after.length - 1,
          characters: MAX_CHARACTERS - JSON.stringify([...before, ...after, BEGINNING]).length,
        });
  const lines = [title, ...speakers.lines, '', ...shown.lines];
  return {
    whole: shown.whole,
    text: cutEscaped(escapeMrkdwn(lines.join('\n')), MAX_TEXT),
    blocks: [...before, ...shown.blocks, ...(shown.whole ? [] : [whereTheRestIs(shown)]), ...after],
  };
};

/** "weekly.mp3 · 0:47 · 3 speakers"; a long title is cut, so that the figures stay. */
const titleOf = ({ title, talkTime }: ResultMessage): { readonly name: string; readonly figures: string } => {
  const figures = FIGURES.heading(talkTime.durationMs, talkTime.parties.length);
  const room = MAX_TITLE - SEPARATOR.length - figures.length;
  return { name: clean(title, room) || UNTITLED.recording, figures };
};
const SEPARATOR = ' · ';

/** On a narrow screen a line breaks before the figures, never within them. */
const unbroken = (figures: string): string => figures.replaceAll(' ', '\u00a0');

const NO_FIGURES: Figures = { lines: [], blocks: [] };

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
    shareMenu(conversationId),
    button(ACTIONS.talkTimeDetails, RESULT.details, { value: conversationId }),
  ],
});
