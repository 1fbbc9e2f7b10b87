import type { FailureMessage } from '../../core/thread-message.ts';
import { BUTTONS } from '../sentences/common.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { type Built, bold, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const TITLE_MAX = 150;
const SENTENCE_MAX = 1_500;

/** What went wrong with a recording and what to do; with a button when trying again may help. */
export const buildFailure = ({ conversationId, title, sentence, mayRetry }: FailureMessage): Built => {
  const name = clean(title, TITLE_MAX);
  const what = clean(sentence, SENTENCE_MAX);
  const message = line(emoji('warning'), bold(` ${name}`), words(`\n${what}`));
  const retry = button(ACTIONS.retry, BUTTONS.tryAgain, { value: conversationId });
  return {
    text: escapeMrkdwn(`${name}: ${what}`),
    blocks: mayRetry ? [message, { type: 'actions', elements: [retry] }] : [message],
  };
};
