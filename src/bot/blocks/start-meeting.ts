import type { ModalView } from '@slack/types';
import type { ChannelId } from '../../core/ids.ts';
import { BUTTONS } from '../sentences/common.ts';
import { START_MEETING } from '../sentences/meetings.ts';
import { VIEWS } from './actions.ts';
import { channelField, type FieldValues, fieldOf, formView, inputField } from './fields.ts';
import { plain } from './text.ts';

/** The longest title that still reads as one, on the card and above the meeting. */
export const TITLE_MAX = 80;

export const FIELDS = { title: 'title', channel: 'channel' } as const;

/** What is filled in already. */
export interface SuggestedMeeting {
  readonly title?: string;
  readonly channelId?: ChannelId | undefined;
}

/** The dialog to start a meeting, where the click does not say in which channel. */
export const buildStartMeeting = ({ title = '', channelId }: SuggestedMeeting = {}): ModalView =>
  formView(VIEWS.startMeeting, { title: START_MEETING.title, submit: BUTTONS.start }, [
    inputField(
      FIELDS.title,
      START_MEETING.topic,
      {
        type: 'plain_text_input',
        action_id: FIELDS.title,
        max_length: TITLE_MAX,
        placeholder: { type: 'plain_text', text: START_MEETING.topicPlaceholder },
        ...(title === '' ? {} : { initial_value: plain(title, TITLE_MAX) }),
      },
      { optional: true },
    ),
    channelField(FIELDS.channel, START_MEETING.channelHint, channelId),
  ]);

/** What was filled in. `channelId` is null only when Slack let the dialog be submitted without one. */
export const readStartMeeting = (values: FieldValues): { title: string; channelId: ChannelId | null } => ({
  title: plain(fieldOf(values, FIELDS.title).value ?? '', TITLE_MAX),
  channelId: fieldOf(values, FIELDS.channel).selected_conversation ?? null,
});
