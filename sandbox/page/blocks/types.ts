/**
 * Block Kit as the page reads it: only what it draws. The simulated Slack has validated the blocks against Slack's
 * limits; here everything that may be missing is optional, and a block that cannot be drawn is replaced by a sentence
 * (`BlockErrorBoundary`).
 */
export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
  readonly emoji?: boolean;
}

export interface Option {
  readonly text: TextObject;
  readonly value: string;
  readonly description?: TextObject;
  readonly url?: string;
}

interface OptionGroup {
  readonly label: TextObject;
  readonly options: readonly Option[];
}

export interface Confirm {
  readonly title?: TextObject;
  readonly text?: TextObject;
  readonly confirm?: TextObject;
  readonly deny?: TextObject;
  readonly style?: 'primary' | 'danger';
}

export interface SlackFileRef {
  readonly id?: string;
  readonly url?: string;
}

export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: TextObject | string;
  readonly value?: string;
  readonly url?: string;
  readonly style?: string;
  readonly confirm?: Confirm;
  readonly placeholder?: TextObject;
  readonly accessibility_label?: string;
  readonly options?: readonly Option[];
  readonly option_groups?: readonly OptionGroup[];
  readonly initial_option?: Option;
  readonly initial_options?: readonly Option[];
  readonly initial_user?: string;
  readonly initial_users?: readonly string[];
  readonly initial_channel?: string;
  readonly initial_channels?: readonly string[];
  readonly initial_conversation?: string;
  readonly initial_conversations?: readonly string[];
  readonly initial_value?: string;
  readonly initial_date?: string;
  readonly initial_time?: string;
  readonly initial_date_time?: number;
  readonly min_query_length?: number;
  readonly max_selected_items?: number;
  readonly multiline?: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly min_value?: string;
  readonly max_value?: string;
  readonly is_decimal_allowed?: boolean;
  readonly focus_on_load?: boolean;
  readonly filetypes?: readonly string[];
  readonly max_files?: number;
  readonly alt_text?: string;
  readonly image_url?: string;
  readonly slack_file?: SlackFileRef;
  readonly elements?: readonly Element[];
}

export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly accessory?: Element;
  readonly element?: Element;
  readonly elements?: readonly Element[];
  readonly label?: TextObject;
  readonly hint?: TextObject;
  readonly title?: TextObject;
  readonly optional?: boolean;
  readonly dispatch_action?: boolean;
  readonly alt_text?: string;
  readonly image_url?: string;
  readonly slack_file?: SlackFileRef;
  readonly rows?: readonly (readonly TableCell[])[];
  readonly column_settings?: readonly ({
    readonly align?: 'left' | 'center' | 'right';
    readonly is_wrapped?: boolean;
  } | null)[];
}

export interface TableCell {
  readonly type: string;
  readonly text?: string;
  readonly value?: number;
}

/** Blocks as the control interface sends them; the simulated Slack has validated them. */
export const asBlocks = (blocks: readonly object[] | undefined): readonly Block[] =>
  (blocks ?? []) as readonly Block[];

/** `block_id` and `action_id` are optional; the simulated Slack fills most of them in. */
export const blockIdOf = (block: Block, index: number): string => block.block_id ?? `block-${index}`;
export const actionIdOf = (element: Element): string => element.action_id ?? element.type;
