import type { ModalView } from '@slack/types';
import type { ChannelId } from '../../core/ids.ts';
import { VIEWS } from './actions.ts';
import { plain } from './text.ts';

/** The longest title that still reads as one, on the card and above the meeting. */
export const TITLE_MAX = 80;

/** Block and action of a field have one name: each block holds one field. */
export const FIELDS = { title: 'title', channel: 'channel' } as const;

/** What is filled in already. */
export interface SuggestedMeeting {
  readonly title?: string;
  readonly channelId?: ChannelId | undefined;
}

/** The dialogue in which somebody says where a meeting shall be, when what they clicked does not say it. */
export const buildStartMeeting = ({ title = '', channelId }: SuggestedMeeting = {}): ModalView => ({
  type: 'modal',
  callback_id: VIEWS.startMeeting,
  title: { type: 'plain_text', text: 'Start a meeting' },
  submit: { type: 'plain_text', text: 'Start' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    {
      type: 'input',
      block_id: FIELDS.title,
      optional: true,
      label: { type: 'plain_text', text: 'What is it about?' },
      element: {
        type: 'plain_text_input',
        action_id: FIELDS.title,
        max_length: TITLE_MAX,
        placeholder: { type: 'plain_text', text: 'Meeting' },
        ...(title === '' ? {} : { initial_value: plain(title, TITLE_MAX) }),
      },
    },
    {
      type: 'input',
      block_id: FIELDS.channel,
      label: { type: 'plain_text', text: 'Where?' },
      hint: {
        type: 'plain_text',
        text: 'Everybody in this channel can join, and its thread gets the captions and the result.',
      },
      element: {
        type: 'conversations_select',
        action_id: FIELDS.channel,
        placeholder: { type: 'plain_text', text: 'Choose a channel' },
        default_to_current_conversation: true,
        ...(channelId === undefined ? {} : { initial_conversation: channelId }),
        // Parley cannot be in a conversation between two people.
        filter: { include: ['public', 'private', 'mpim'] },
      },
    },
  ],
});

type Values = Record<
  string,
  Record<string, { value?: string | null | undefined; selected_conversation?: ChannelId | null | undefined }>
>;

/** What was filled in. `channelId` is null only when Slack let somebody submit without one. */
export const readStartMeeting = (values: Values): { title: string; channelId: ChannelId | null } => ({
  title: plain(values[FIELDS.title]?.[FIELDS.title]?.value ?? '', TITLE_MAX),
  channelId: values[FIELDS.channel]?.[FIELDS.channel]?.selected_conversation ?? null,
});
