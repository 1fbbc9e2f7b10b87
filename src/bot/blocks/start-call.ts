import type { ModalView } from '@slack/types';
import type { ChannelId, MemberId } from '../../core/ids.ts';
import { VIEWS } from './actions.ts';
import { CALL_TITLE } from './call-plan.ts';
import { TITLE_MAX } from './start-meeting.ts';
import { plain } from './text.ts';

/** A number with its country takes 15 digits, and people put blanks and brackets between them. */
const NUMBER_MAX = 60;

/** Block and action of a field have one name: each block holds one field. */
export const START_CALL_FIELDS = {
  number: 'number',
  colleague: 'colleague',
  about: 'about',
  channel: 'channel',
} as const;
const FIELDS = START_CALL_FIELDS;

/** The dialogue in which somebody says whom to call. Nothing rings by submitting it: what was understood is shown first. */
export const buildStartCall = (): ModalView => ({
  type: 'modal',
  callback_id: VIEWS.startCall,
  title: { type: 'plain_text', text: CALL_TITLE },
  submit: { type: 'plain_text', text: 'Next' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    {
      type: 'input',
      block_id: FIELDS.number,
      optional: true,
      label: { type: 'plain_text', text: 'Which number?' },
      hint: { type: 'plain_text', text: 'With its country, as in +44 20 7946 0000.' },
      element: { type: 'plain_text_input', action_id: FIELDS.number, max_length: NUMBER_MAX },
    },
    {
      type: 'input',
      block_id: FIELDS.colleague,
      optional: true,
      label: { type: 'plain_text', text: 'Or which colleague?' },
      hint: {
        type: 'plain_text',
        text: 'Rings the number in their Slack profile, or the one that they told Parley.',
      },
      element: {
        type: 'users_select',
        action_id: FIELDS.colleague,
        placeholder: { type: 'plain_text', text: 'Choose a colleague' },
      },
    },
    {
      type: 'input',
      block_id: FIELDS.about,
      optional: true,
      label: { type: 'plain_text', text: 'What is it about?' },
      element: { type: 'plain_text_input', action_id: FIELDS.about, max_length: TITLE_MAX },
    },
    {
      type: 'input',
      block_id: FIELDS.channel,
      label: { type: 'plain_text', text: 'Where?' },
      hint: {
        type: 'plain_text',
        text: 'Everybody in this channel can join the call, and its thread gets the captions and the transcript.',
      },
      element: {
        type: 'conversations_select',
        action_id: FIELDS.channel,
        placeholder: { type: 'plain_text', text: 'Choose a channel' },
        default_to_current_conversation: true,
        // Parley cannot be in a conversation between two people.
        filter: { include: ['public', 'private', 'mpim'] },
      },
    },
  ],
});

/** Whom to call, and where. */
export interface WantedCall {
  readonly channelId: ChannelId;
  /** Null: `text` is the number. */
  readonly to: MemberId | null;
  readonly text: string;
  readonly about: string;
}

type Values = Record<
  string,
  Record<
    string,
    {
      value?: string | null | undefined;
      selected_user?: MemberId | null | undefined;
      selected_conversation?: ChannelId | null | undefined;
    }
  >
>;

/** What was filled in, or what is wrong with it by field. */
export const readStartCall = (
  values: Values,
): { readonly wanted: WantedCall } | { readonly errors: Record<string, string> } => {
  const field = (name: string) => values[name]?.[name];
  const text = plain(field(FIELDS.number)?.value ?? '', NUMBER_MAX);
  const to = field(FIELDS.colleague)?.selected_user ?? null;
  const about = plain(field(FIELDS.about)?.value ?? '', TITLE_MAX);
  const channelId = field(FIELDS.channel)?.selected_conversation ?? null;
  if (text === '' && to === null) {
    return { errors: { [FIELDS.number]: 'Please type a number, or choose a colleague below.' } };
  }
  if (text !== '' && to !== null) {
    return {
      errors: {
        [FIELDS.colleague]: 'Type a number or choose a colleague, not both: please clear one of them.',
      },
    };
  }
  if (channelId === null) return { errors: { [FIELDS.channel]: 'Please choose a channel.' } };
  return { wanted: { channelId, to, text, about } };
};
