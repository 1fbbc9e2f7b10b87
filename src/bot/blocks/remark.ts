import type { RemarkMessage } from '../../core/thread-message.ts';
import { type Built, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const SENTENCE_MAX = 1_000;

/** Something that everybody in the thread should know, such as that a call is not recorded any longer. */
export const buildRemark = ({ sentence }: RemarkMessage): Built => {
  const said = clean(sentence, SENTENCE_MAX);
  return {
    text: escapeMrkdwn(said),
    blocks: [line(emoji('information_source'), words(` ${said}`))],
  };
};
