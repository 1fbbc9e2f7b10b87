import type { RemarkMessage, ThreadMessage } from '../../core/thread-message.ts';
import { buildCallCard } from './call-card.ts';
import { buildCaptions } from './captions.ts';
import { buildFailure } from './failure.ts';
import { buildMeetingCard } from './meeting-card.ts';
import { buildPrivateResult } from './private-result.ts';
import { buildProgress } from './progress.ts';
import { buildResult } from './result.ts';
import { type Built, emoji, line, words } from './rich.ts';
import { clean, cutEscaped, escapeMrkdwn, MAX_TEXT } from './text.ts';

const REMARK_MAX = 1_000;

/** A message of Parley as Slack's blocks and text. */
export const buildMessage = (message: ThreadMessage): Built => {
  const { text, blocks } = build(message);
  return { text: cutEscaped(text, MAX_TEXT), blocks };
};

const build = (message: ThreadMessage): Built => {
  switch (message.kind) {
    case 'progress':
      return buildProgress(message);
    case 'failure':
      return buildFailure(message);
    case 'result':
      return buildResult(message);
    case 'private-result':
      return buildPrivateResult(message);
    case 'meeting-card':
      return buildMeetingCard(message);
    case 'call-card':
      return buildCallCard(message);
    case 'captions':
      return buildCaptions(message);
    case 'remark':
      return buildRemark(message);
  }
};

const buildRemark = ({ sentence }: RemarkMessage): Built => {
  const remark = clean(sentence, REMARK_MAX);
  return {
    text: escapeMrkdwn(remark),
    blocks: [line(emoji('information_source'), words(` ${remark}`))],
  };
};
