import type { ModalView } from '@slack/types';
import type { ChannelId, MemberId } from '../../core/ids.ts';
import { START_CALL } from '../sentences/calls.ts';
import { BUTTONS, CHANNEL_FIELD, NUMBER_HINT, SELECT_PERSON } from '../sentences/common.ts';
import { VIEWS } from './actions.ts';
import { channelField, type FieldValues, type Filled, fieldOf, formView, inputField } from './fields.ts';
import { TITLE_MAX } from './start-meeting.ts';
import { plain } from './text.ts';

/** A number with its country code takes 15 digits, and people put blanks and brackets between them. */
const NUMBER_MAX = 60;

export const START_CALL_FIELDS = {
  number: 'number',
  teammate: 'teammate',
  about: 'about',
  channel: 'channel',
} as const;
const FIELDS = START_CALL_FIELDS;

/** The dialog to start a call. Submitting it calls no one: who would be called is shown first. */
export const buildStartCall = (): ModalView =>
  formView(VIEWS.startCall, { title: START_CALL.title, submit: BUTTONS.next }, [
    inputField(
      FIELDS.number,
      START_CALL.number,
      { type: 'plain_text_input', action_id: FIELDS.number, max_length: NUMBER_MAX },
      { optional: true, hint: NUMBER_HINT },
    ),
    inputField(
      FIELDS.teammate,
      START_CALL.teammate,
      {
        type: 'users_select',
        action_id: FIELDS.teammate,
        placeholder: { type: 'plain_text', text: SELECT_PERSON },
      },
      { optional: true, hint: START_CALL.teammateHint },
    ),
    inputField(
      FIELDS.about,
      START_CALL.topic,
      { type: 'plain_text_input', action_id: FIELDS.about, max_length: TITLE_MAX },
      { optional: true },
    ),
    channelField(FIELDS.channel, START_CALL.channelHint),
  ]);

/** Whom to call, and where. */
export interface WantedCall {
  readonly channelId: ChannelId;
  /** Null: `text` is the number. */
  readonly to: MemberId | null;
  readonly text: string;
  readonly about: string;
}

export const readStartCall = (values: FieldValues): Filled<{ readonly wanted: WantedCall }> => {
  const text = plain(fieldOf(values, FIELDS.number).value ?? '', NUMBER_MAX);
  const to = fieldOf(values, FIELDS.teammate).selected_user ?? null;
  const about = plain(fieldOf(values, FIELDS.about).value ?? '', TITLE_MAX);
  const channelId = fieldOf(values, FIELDS.channel).selected_conversation ?? null;
  if (text === '' && to === null) return { errors: { [FIELDS.number]: START_CALL.missing } };
  if (text !== '' && to !== null) return { errors: { [FIELDS.teammate]: START_CALL.both } };
  if (channelId === null) return { errors: { [FIELDS.channel]: CHANNEL_FIELD.missing } };
  return { wanted: { channelId, to, text, about } };
};
