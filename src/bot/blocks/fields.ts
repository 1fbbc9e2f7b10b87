import type { ConversationsSelect, InputBlock, ModalView } from '@slack/types';
import type { z } from 'zod';
import type { ChannelId } from '../../core/ids.ts';
import type { IncomingSubmission } from '../incoming.ts';
import { BUTTONS, CHANNEL_FIELD } from '../sentences/common.ts';

/** What a submitted dialog holds: by block, then by action. Here each block holds one field, and both have its name. */
export type FieldValues = z.infer<typeof IncomingSubmission>['view']['state']['values'];
type FieldValue = FieldValues[string][string];

export const fieldOf = (values: FieldValues, name: string): FieldValue => values[name]?.[name] ?? {};

/** What was filled in, or what is wrong with it by field. */
export type Filled<T> = T | { readonly errors: Record<string, string> };

/** A dialog with a button that submits it. `title`: at most 24 characters. */
export const formView = (
  callbackId: string,
  { title, submit }: { readonly title: string; readonly submit: string },
  blocks: ModalView['blocks'],
): ModalView => ({
  type: 'modal',
  callback_id: callbackId,
  title: { type: 'plain_text', text: title },
  submit: { type: 'plain_text', text: submit },
  close: { type: 'plain_text', text: BUTTONS.cancel },
  blocks,
});

/** One field with its label. `element` has the field's name as its action. */
export const inputField = (
  name: string,
  label: string,
  element: InputBlock['element'],
  more: { readonly optional?: true; readonly hint?: string } = {},
): InputBlock => ({
  type: 'input',
  block_id: name,
  ...(more.optional === undefined ? {} : { optional: true }),
  label: { type: 'plain_text', text: label },
  ...(more.hint === undefined ? {} : { hint: { type: 'plain_text', text: more.hint } }),
  element,
});

/** Where a meeting or a call is to be. */
export const channelField = (name: string, hint: string, channelId?: ChannelId): InputBlock => {
  const element: ConversationsSelect = {
    type: 'conversations_select',
    action_id: name,
    placeholder: { type: 'plain_text', text: CHANNEL_FIELD.placeholder },
    default_to_current_conversation: true,
    ...(channelId === undefined ? {} : { initial_conversation: channelId }),
    // Parley cannot be in a conversation between two people.
    filter: { include: ['public', 'private', 'mpim'] },
  };
  return inputField(name, CHANNEL_FIELD.label, element, { hint });
};
