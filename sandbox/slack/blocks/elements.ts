import { z } from 'zod';
import {
  actionId,
  confirm,
  hasOneSource,
  imageSource,
  ONE_SOURCE,
  option,
  optionsOrGroups,
  plainOption,
  plainText,
} from './objects.ts';

/** Block elements. Limits are Slack's. @see https://docs.slack.dev/reference/block-kit/block-elements */

const common = { action_id: actionId, confirm: confirm.optional(), focus_on_load: z.boolean().optional() };
const placeholder = { placeholder: plainText(150).optional() };
const multi = { max_selected_items: z.int().min(1).optional() };
const dispatch = z.strictObject({
  trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional(),
});
const typed = {
  action_id: actionId,
  focus_on_load: z.boolean().optional(),
  initial_value: z.string().optional(),
  dispatch_action_config: dispatch.optional(),
  ...placeholder,
};
const urls = { response_url_enabled: z.boolean().optional() };
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
};

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId,
  confirm: confirm.optional(),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
});

const image = z.strictObject({ type: z.literal('image'), ...imageSource }).refine(hasOneSource, ONE_SOURCE);

const select = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...common, ...placeholder, ...shape });

const selects = [
  select('static_select', { ...optionsOrGroups, initial_option: plainOption.optional() }).refine(
    (menu) => (menu.options === undefined) !== (menu.option_groups === undefined),
    { message: 'must define either `options` or `option_groups`' },
  ),
  select('external_select', {
    initial_option: plainOption.optional(),
    min_query_length: z.int().min(0).optional(),
  }),
  select('users_select', { initial_user: z.string().optional() }),
  select('conversations_select', { initial_conversation: z.string().optional(), ...conversations, ...urls }),
  select('channels_select', { initial_channel: z.string().optional(), ...urls }),
  select('multi_static_select', {
    ...optionsOrGroups,
    ...multi,
    initial_options: z.array(plainOption).optional(),
  }),
  select('multi_external_select', {
    ...multi,
    initial_options: z.array(plainOption).optional(),
    min_query_length: z.int().min(0).optional(),
  }),
  select('multi_users_select', { ...multi, initial_users: z.array(z.string()).optional() }),
  select('multi_conversations_select', {
    ...multi,
    ...conversations,
    initial_conversations: z.array(z.string()).optional(),
  }),
  select('multi_channels_select', { ...multi, initial_channels: z.array(z.string()).optional() }),
] as const;

const choices = [
  z.strictObject({
    type: z.literal('checkboxes'),
    ...common,
    options: z.array(option).min(1).max(10),
    initial_options: z.array(option).optional(),
  }),
  z.strictObject({
    type: z.literal('radio_buttons'),
    ...common,
    options: z.array(option).min(1).max(10),
    initial_option: option.optional(),
  }),
  z.strictObject({
    type: z.literal('datepicker'),
    ...common,
    ...placeholder,
    initial_date: z.iso.date().optional(),
  }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...common,
    ...placeholder,
    initial_time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .optional(),
    timezone: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('datetimepicker'), ...common, initial_date_time: z.int().optional() }),
] as const;

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  confirm: confirm.optional(),
  options: z.array(plainOption).min(1).max(5),
});

const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  action_id: actionId,
  focus_on_load: z.boolean().optional(),
  initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
  dispatch_action_config: dispatch.optional(),
  ...placeholder,
});

const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  text: plainText(75),
  action_id: actionId,
  confirm: confirm.optional(),
  workflow: z.looseObject({ trigger: z.looseObject({ url: z.string() }) }),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
});

const typedInputs = [
  z.strictObject({
    type: z.literal('plain_text_input'),
    ...typed,
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
  }),
  z.strictObject({ type: z.literal('email_text_input'), ...typed }),
  z.strictObject({ type: z.literal('url_text_input'), ...typed }),
  z.strictObject({
    type: z.literal('number_input'),
    ...typed,
    is_decimal_allowed: z.boolean(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('file_input'),
    action_id: actionId,
    filetypes: z.array(z.string()).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
] as const;

const feedbackButton = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  accessibility_label: z.string().max(75).optional(),
});

export const contextActionsElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('feedback_buttons'),
    action_id: actionId,
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  z.strictObject({
    type: z.literal('icon_button'),
    action_id: actionId,
    icon: z.literal('trash'),
    text: plainText(75),
    confirm: confirm.optional(),
    value: z.string().max(2000).optional(),
    accessibility_label: z.string().max(75).optional(),
    visible_to_user_ids: z.array(z.string()).optional(),
  }),
]);

export const imageElement = image;

export const accessory = z.discriminatedUnion('type', [
  button,
  image,
  ...selects,
  ...choices,
  overflow,
  workflowButton,
]);

export const actionsElement = z.discriminatedUnion('type', [
  button,
  ...selects,
  ...choices,
  overflow,
  richTextInput,
  workflowButton,
]);

export const inputElement = z.discriminatedUnion('type', [
  ...selects,
  ...choices,
  ...typedInputs,
  richTextInput,
]);
