import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import type { CallSettings } from '../../core/calls/types.ts';
import type { MemberId } from '../../core/ids.ts';
import { shorten, toSingleLine } from '../../core/single-line.ts';
import { VIEWS } from './actions.ts';

/** About half a minute of speech. */
const NOTICE_MAX = 500;
/** Slack answers a list of thousands slowly; who has more lets everybody call. */
const CALLERS_MAX = 100;

/** Block and action of a field have one name: each block holds one field. */
export const CALL_SETTINGS_FIELDS = {
  notice: 'notice',
  whoMayCall: 'who_may_call',
  callers: 'callers',
  recordings: 'recordings',
} as const;
const FIELDS = CALL_SETTINGS_FIELDS;

const option = (text: string, value: string): PlainTextOption => ({
  text: { type: 'plain_text', text },
  value,
});

const WHO_MAY_CALL = {
  everybody: option('Everybody in the workspace', 'everybody'),
  chosen: option('Only the people chosen below', 'chosen'),
};
const RECORDINGS: Readonly<Record<CallSettings['recordings'], PlainTextOption>> = {
  delete: option('Deleted from the telephone network', 'delete'),
  keep: option('Kept at the telephone network', 'keep'),
};

/** The dialogue in which admins decide about a workspace's calls. */
export const buildCallSettings = ({ notice, callers, recordings }: CallSettings): ModalView => ({
  type: 'modal',
  callback_id: VIEWS.callSettings,
  title: { type: 'plain_text', text: 'Call settings' },
  submit: { type: 'plain_text', text: 'Save' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    {
      type: 'input',
      block_id: FIELDS.notice,
      label: { type: 'plain_text', text: 'What everybody on a telephone hears first' },
      hint: {
        type: 'plain_text',
        text:
          '{caller} stands for who calls. Say that the call is recorded and transcribed: in many countries the law ' +
          'wants everybody to know, and to agree.',
      },
      element: {
        type: 'plain_text_input',
        action_id: FIELDS.notice,
        multiline: true,
        max_length: NOTICE_MAX,
        initial_value: shorten(toSingleLine(notice), NOTICE_MAX),
      },
    },
    radio(
      FIELDS.whoMayCall,
      'Who may call?',
      [WHO_MAY_CALL.everybody, WHO_MAY_CALL.chosen],
      callers === null ? 0 : 1,
    ),
    {
      type: 'input',
      block_id: FIELDS.callers,
      optional: true,
      label: { type: 'plain_text', text: 'People who may call' },
      element: {
        type: 'multi_users_select',
        action_id: FIELDS.callers,
        max_selected_items: CALLERS_MAX,
        placeholder: { type: 'plain_text', text: 'Choose people' },
        ...(callers === null || callers.length === 0
          ? {}
          : { initial_users: [...callers].slice(0, CALLERS_MAX) }),
      },
    },
    radio(
      FIELDS.recordings,
      'Once a call is transcribed, its recording is',
      [RECORDINGS.delete, RECORDINGS.keep],
      recordings === 'delete' ? 0 : 1,
    ),
  ],
});

const radio = (
  field: string,
  label: string,
  options: readonly [PlainTextOption, PlainTextOption],
  chosen: 0 | 1,
): InputBlock => ({
  type: 'input',
  block_id: field,
  label: { type: 'plain_text', text: label },
  element: {
    type: 'radio_buttons',
    action_id: field,
    options: [...options],
    initial_option: options[chosen],
  },
});

type Values = Record<
  string,
  Record<
    string,
    {
      value?: string | null | undefined;
      selected_option?: { value: string } | null | undefined;
      selected_users?: readonly MemberId[] | null | undefined;
    }
  >
>;

/** What was filled in, or what is wrong with it by field. */
export const readCallSettings = (
  values: Values,
): { readonly settings: CallSettings } | { readonly errors: Record<string, string> } => {
  const field = (name: string) => values[name]?.[name];
  const notice = toSingleLine(field(FIELDS.notice)?.value ?? '');
  const everybody = field(FIELDS.whoMayCall)?.selected_option?.value === WHO_MAY_CALL.everybody.value;
  const chosen = field(FIELDS.callers)?.selected_users ?? [];
  const recordings = field(FIELDS.recordings)?.selected_option?.value === 'keep' ? 'keep' : 'delete';
  if (notice === '') {
    return {
      errors: { [FIELDS.notice]: 'Please write what people hear: they must know that they are recorded.' },
    };
  }
  if (!everybody && chosen.length === 0) {
    return { errors: { [FIELDS.callers]: 'Please choose somebody, or let everybody call.' } };
  }
  return { settings: { notice, callers: everybody ? null : [...chosen], recordings } };
};
