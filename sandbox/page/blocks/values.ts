import { blockKit } from '../sentences.ts';
import { actionIdOf, type Block, blockIdOf, type Element, type Option } from './types.ts';

/** The state of one element as Slack sends it in `state.values`: its type and what is chosen or typed. */
export type ElementState = Readonly<Record<string, unknown>> & { readonly type: string };

/** What the visitor has changed: block id -> action id -> state. All other elements have their initial state. */
export type Edits = Readonly<Record<string, Readonly<Record<string, ElementState>>>>;

/** `state.values` of a view or message: every element with a state, changed or not. */
export function valuesOf(
  blocks: readonly Block[],
  edits: Edits,
): Record<string, Record<string, ElementState>> {
  const values: Record<string, Record<string, ElementState>> = {};
  for (const [index, block] of blocks.entries()) {
    const blockId = blockIdOf(block, index);
    for (const element of elementsOf(block)) {
      const state = stateOf(element, edits[blockId]?.[actionIdOf(element)]);
      if (state) values[blockId] = { ...values[blockId], [actionIdOf(element)]: state };
    }
  }
  return values;
}

/** The state of an element: the changed one, or else its initial one; null for elements without (a button). */
export function stateOf(element: Element, edited?: ElementState): ElementState | null {
  if (edited) return edited;
  const initial = INITIAL[element.type];
  return initial ? { type: element.type, ...initial(element) } : null;
}

/** Required input blocks that are empty: block id -> sentence. */
export function missingValues(blocks: readonly Block[], edits: Edits): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const [index, block] of blocks.entries()) {
    if (block.type !== 'input' || block.optional || !block.element) continue;
    const blockId = blockIdOf(block, index);
    const state = stateOf(block.element, edits[blockId]?.[actionIdOf(block.element)]);
    if (state && isEmpty(state)) missing[blockId] = blockKit.required;
  }
  return missing;
}

function elementsOf(block: Block): readonly Element[] {
  const elements = block.type === 'actions' || block.type === 'context_actions' ? (block.elements ?? []) : [];
  return [
    ...elements,
    ...(block.accessory ? [block.accessory] : []),
    ...(block.element ? [block.element] : []),
  ];
}

const isEmpty = ({ type: _type, ...state }: ElementState) =>
  Object.values(state).every(
    (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  );

type Initial = (element: Element) => Record<string, unknown>;
const option: Initial = ({ initial_option }) => ({ selected_option: initial_option ?? null });
const options: Initial = ({ initial_options }) => ({ selected_options: initial_options ?? [] });
const typed: Initial = ({ initial_value }) => ({ value: initial_value ?? null });

const INITIAL: Readonly<Record<string, Initial>> = {
  static_select: option,
  external_select: option,
  radio_buttons: option,
  checkboxes: options,
  multi_static_select: options,
  multi_external_select: options,
  users_select: ({ initial_user }) => ({ selected_user: initial_user ?? null }),
  multi_users_select: ({ initial_users }) => ({ selected_users: initial_users ?? [] }),
  channels_select: ({ initial_channel }) => ({ selected_channel: initial_channel ?? null }),
  multi_channels_select: ({ initial_channels }) => ({ selected_channels: initial_channels ?? [] }),
  conversations_select: ({ initial_conversation }) => ({
    selected_conversation: initial_conversation ?? null,
  }),
  multi_conversations_select: ({ initial_conversations }) => ({
    selected_conversations: initial_conversations ?? [],
  }),
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  datepicker: ({ initial_date }) => ({ selected_date: initial_date ?? null }),
  timepicker: ({ initial_time }) => ({ selected_time: initial_time ?? null }),
  datetimepicker: ({ initial_date_time }) => ({ selected_date_time: initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

/** What a menu lists. */
export type MenuKind = 'static' | 'external' | 'users' | 'channels' | 'conversations';

/** The kind of a menu, and whether several options can be chosen; null for other elements. */
export function menuOf(type: string): { kind: MenuKind; multiple: boolean } | null {
  const found = /^(multi_)?(static|external|users|channels|conversations)_select$/.exec(type);
  return found ? { kind: found[2] as MenuKind, multiple: found[1] !== undefined } : null;
}

const SINGLE = {
  static: 'option',
  external: 'option',
  users: 'user',
  channels: 'channel',
  conversations: 'conversation',
} as const;

/** The state of a menu with these options chosen: ids for people and channels, whole options otherwise. */
export function menuState(type: string, chosen: readonly Option[]): ElementState {
  const menu = menuOf(type) ?? { kind: 'static', multiple: false };
  const holdsOptions = menu.kind === 'static' || menu.kind === 'external';
  const items = holdsOptions ? chosen : chosen.map(({ value }) => value);
  const name = `selected_${SINGLE[menu.kind]}`;
  return menu.multiple ? { type, [`${name}s`]: items } : { type, [name]: items[0] ?? null };
}

/** The values that are chosen in the state of a menu, radio buttons or checkboxes. */
export function chosenValues(state: ElementState | null): string[] {
  if (!state) return [];
  const selected = Object.entries(state).find(([name]) => name.startsWith('selected_'))?.[1];
  const list = Array.isArray(selected)
    ? selected
    : selected === null || selected === undefined
      ? []
      : [selected];
  return list.map((item) => (typeof item === 'string' ? item : (item as Option).value));
}
