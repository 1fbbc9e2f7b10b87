import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import { MAX_NOTICE_LENGTH } from '../../core/calls/settings.ts';
import type { CallSettings } from '../../core/calls/types.ts';
import { shorten, toSingleLine } from '../../core/single-line.ts';
import { BUTTONS } from '../sentences/common.ts';
import { CALL_SETTINGS } from '../sentences/settings.ts';
import { VIEWS } from './actions.ts';
import { type FieldValues, type Filled, fieldOf, formView, inputField } from './fields.ts';

/** Slack answers a list of thousands slowly; a workspace with more lets everyone call. */
const CALLERS_MAX = 100;

export const CALL_SETTINGS_FIELDS = {
  notice: 'notice',
  whoCanCall: 'who_can_call',
  callers: 'callers',
  recordings: 'recordings',
} as const;
const FIELDS = CALL_SETTINGS_FIELDS;

const option = (text: string, value: string): PlainTextOption => ({
  text: { type: 'plain_text', text },
  value,
});

const WHO_CAN_CALL = {
  everyone: option(CALL_SETTINGS.everyone, 'everyone'),
  selected: option(CALL_SETTINGS.selected, 'selected'),
};
const RECORDINGS: Readonly<Record<CallSettings['recordings'], PlainTextOption>> = {
  delete: option(CALL_SETTINGS.delete, 'delete'),
  keep: option(CALL_SETTINGS.keep, 'keep'),
};

/** The dialog for a workspace's call settings, for admins. */
export const buildCallSettings = ({ notice, callers, recordings }: CallSettings): ModalView =>
  formView(VIEWS.callSettings, { title: CALL_SETTINGS.title, submit: BUTTONS.save }, [
    inputField(
      FIELDS.notice,
      CALL_SETTINGS.notice,
      {
        type: 'plain_text_input',
        action_id: FIELDS.notice,
        multiline: true,
        max_length: MAX_NOTICE_LENGTH,
        initial_value: shorten(toSingleLine(notice), MAX_NOTICE_LENGTH),
      },
      { hint: CALL_SETTINGS.noticeHint },
    ),
    radioField(
      FIELDS.whoCanCall,
      CALL_SETTINGS.whoCanCall,
      [WHO_CAN_CALL.everyone, WHO_CAN_CALL.selected],
      callers === null ? 0 : 1,
    ),
    inputField(
      FIELDS.callers,
      CALL_SETTINGS.callers,
      {
        type: 'multi_users_select',
        action_id: FIELDS.callers,
        max_selected_items: CALLERS_MAX,
        placeholder: { type: 'plain_text', text: CALL_SETTINGS.callersPlaceholder },
        ...(callers === null || callers.length === 0
          ? {}
          : { initial_users: [...callers].slice(0, CALLERS_MAX) }),
      },
      { optional: true },
    ),
    radioField(
      FIELDS.recordings,
      CALL_SETTINGS.afterwards,
      [RECORDINGS.delete, RECORDINGS.keep],
      recordings === 'delete' ? 0 : 1,
    ),
  ]);

const radioField = (
  name: string,
  label: string,
  options: readonly [PlainTextOption, PlainTextOption],
  chosen: 0 | 1,
): InputBlock =>
  inputField(name, label, {
    type: 'radio_buttons',
    action_id: name,
    options: [...options],
    initial_option: options[chosen],
  });

export const readCallSettings = (values: FieldValues): Filled<{ readonly settings: CallSettings }> => {
  const notice = toSingleLine(fieldOf(values, FIELDS.notice).value ?? '');
  const everyone = fieldOf(values, FIELDS.whoCanCall).selected_option?.value === WHO_CAN_CALL.everyone.value;
  const selected = fieldOf(values, FIELDS.callers).selected_users ?? [];
  const recordings = fieldOf(values, FIELDS.recordings).selected_option?.value === 'keep' ? 'keep' : 'delete';
  if (notice === '') return { errors: { [FIELDS.notice]: CALL_SETTINGS.noticeMissing } };
  if (!everyone && selected.length === 0)
    return { errors: { [FIELDS.callers]: CALL_SETTINGS.callersMissing } };
  return { settings: { notice, callers: everyone ? null : [...selected], recordings } };
};
