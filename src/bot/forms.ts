import type { KnownBlock } from '@slack/types';
import type { ThreadMessage } from '../core/thread-message.ts';
import { isRefusedForm, SlackRefusal } from './api/refusal.ts';
import { buildMessage } from './blocks/build.ts';
import { buildResult } from './blocks/result.ts';
import { cutEscaped } from './blocks/text.ts';

/** One way to show a message. */
export interface Form {
  readonly text: string;
  /** Empty for text alone. */
  readonly blocks: readonly KnownBlock[];
  /** Whether a result shows its whole transcript; true for everything else. */
  readonly whole: boolean;
}

/** Short enough whatever Slack counts: even four bytes a character stay within what it takes. */
const MAX_TEXT_ALONE = 1_000;

/**
 * The ways to show a message, the simplest last: for a result without its picture, then without its transcript, and in the
 * end text alone.
 */
export const formsOf = (message: ThreadMessage): readonly Form[] => {
  const forms =
    message.kind === 'result' ? resultForms(message) : [{ ...buildMessage(message), whole: true }];
  const simplest = forms.at(-1)!;
  return [...forms, { ...simplest, text: cutEscaped(simplest.text, MAX_TEXT_ALONE), blocks: [] }];
};

const resultForms = (message: Extract<ThreadMessage, { kind: 'result' }>): readonly Form[] => {
  const bare = { ...message, chart: null };
  return [
    buildResult(message),
    ...(message.chart === null ? [] : [buildResult(bare)]),
    buildResult(bare, { transcript: 'in-file' }),
  ];
};

/**
 * The first form that Slack takes, and what it responded.
 * @throws {SlackRefusal} of the last form, or of anything but the form
 */
export const inFirstForm = async <T>(
  forms: readonly Form[],
  show: (form: Form) => Promise<T>,
): Promise<{ readonly response: T; readonly form: Form }> => {
  for (const [index, form] of forms.entries()) {
    try {
      return { response: await show(form), form };
    } catch (error) {
      const isLast = index === forms.length - 1;
      if (isLast || !(error instanceof SlackRefusal) || !isRefusedForm(error)) throw error;
    }
  }
  throw new Error('A message has a form.');
};
