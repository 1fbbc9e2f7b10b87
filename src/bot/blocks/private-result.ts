import type { PrivateResultMessage } from '../../core/thread-message.ts';
import { UNTITLED, undeliveredReason } from '../sentences/common.ts';
import { FIGURES, PRIVATE_RESULT, RESULT } from '../sentences/results.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { buildSpeakers } from './figures.ts';
import { type Built, bold, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const TITLE_MAX = 150;

/** The talk time, as a direct message to the one person who gets it; the transcript follows as a file. */
export const buildPrivateResult = (message: PrivateResultMessage): Built => {
  const { title, conversationId, channelId, because, transcript, talkTime } = message;
  const name = clean(title, TITLE_MAX) || UNTITLED.recording;
  const heading = FIGURES.heading(talkTime.durationMs, talkTime.parties.length);
  const speakers = buildSpeakers(talkTime, transcript.parties);
  const { before } = PRIVATE_RESULT;
  const after = PRIVATE_RESULT.after(undeliveredReason(because));
  const figures = escapeMrkdwn([heading, ...speakers.lines].join('\n'));
  return {
    text: `${escapeMrkdwn(name)}: ${before}<#${channelId}>${after}\n${figures}`,
    blocks: [
      line(
        emoji('incoming_envelope'),
        bold(` ${name}`),
        words(`\n${before}`),
        { type: 'channel', channel_id: channelId },
        words(after),
      ),
      line(words(heading)),
      ...speakers.blocks,
      {
        type: 'actions',
        elements: [button(ACTIONS.talkTimeDetails, RESULT.details, { value: conversationId })],
      },
    ],
  };
};
