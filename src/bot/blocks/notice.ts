import type { ModalView } from '@slack/types';
import { BUTTONS, TOO_SLOW_TO_OPEN } from '../sentences/common.ts';
import { line, words } from './rich.ts';
import { clean } from './text.ts';

/** A dialog with one message, in place of one that could not be filled or saved. `title`: at most 24 characters. */
export const buildNotice = (title: string, sentence: string): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  close: { type: 'plain_text', text: BUTTONS.close },
  blocks: [line(words(clean(sentence, 1_000)))],
});

/** In place of a dialog that could not be filled within Slack's deadline. */
export const buildTooSlow = (title: string): ModalView => buildNotice(title, TOO_SLOW_TO_OPEN);
