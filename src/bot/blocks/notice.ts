import type { ModalView } from '@slack/types';
import { line, words } from './rich.ts';
import { clean } from './text.ts';

/** A modal that only says something, in place of one whose work could not be done. `title`: at most 24 characters. */
export const buildNotice = (title: string, sentence: string): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  close: { type: 'plain_text', text: 'Close' },
  blocks: [line(words(clean(sentence, 1_000)))],
});

/** In place of a dialogue that could not be filled in the time for which a click may open one. */
export const buildTooSlow = (title: string): ModalView =>
  buildNotice(title, 'This takes longer than usual. Please close this, and click again in a moment.');
