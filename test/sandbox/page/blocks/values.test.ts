import { describe, expect, it } from 'vitest';
import type { Block, Option } from '../../../../sandbox/page/blocks/types.ts';
import { chosenValues, menuState, missingValues, valuesOf } from '../../../../sandbox/page/blocks/values.ts';

const option = (value: string): Option => ({ value, text: { type: 'plain_text', text: value } });
const input = (block_id: string, element: Block['element'] & object, optional = false): Block => ({
  type: 'input',
  block_id,
  optional,
  element: { action_id: 'a', ...element },
});

describe('state.values', () => {
  const cases: [string, Block['element'] & object, Record<string, unknown>][] = [
    ['an empty text', { type: 'plain_text_input' }, { value: null }],
    ['a text with an initial value', { type: 'plain_text_input', initial_value: 'x' }, { value: 'x' }],
    ['a menu', { type: 'static_select', initial_option: option('o') }, { selected_option: option('o') }],
    ['a menu of several', { type: 'multi_static_select' }, { selected_options: [] }],
    ['a menu of people', { type: 'users_select', initial_user: 'U1' }, { selected_user: 'U1' }],
    ['a menu of several people', { type: 'multi_users_select' }, { selected_users: [] }],
    [
      'checkboxes',
      { type: 'checkboxes', initial_options: [option('o')] },
      { selected_options: [option('o')] },
    ],
    ['radio buttons', { type: 'radio_buttons' }, { selected_option: null }],
    ['a date', { type: 'datepicker' }, { selected_date: null }],
  ];
  it.each(cases)('hold %s', (_name, element, state) => {
    expect(valuesOf([input('b', element)], {})).toEqual({ b: { a: { type: element.type, ...state } } });
  });

  it('prefer changes to initial states, include sections and actions, and leave out buttons', () => {
    const blocks: Block[] = [
      { type: 'section', block_id: 's', accessory: { type: 'users_select', action_id: 'u' } },
      {
        type: 'actions',
        block_id: 'x',
        elements: [
          { type: 'button', action_id: 'b' },
          { type: 'checkboxes', action_id: 'c' },
        ],
      },
    ];
    const edits = { s: { u: { type: 'users_select', selected_user: 'U2' } } };
    expect(valuesOf(blocks, edits)).toEqual({
      s: { u: { type: 'users_select', selected_user: 'U2' } },
      x: { c: { type: 'checkboxes', selected_options: [] } },
    });
  });

  it('report required inputs that are empty', () => {
    const text = { type: 'plain_text_input' };
    const blocks = [
      input('must', text),
      input('may', text, true),
      input('has', { ...text, initial_value: 'x' }),
    ];
    expect(Object.keys(missingValues(blocks, {}))).toEqual(['must']);
    expect(missingValues(blocks, { must: { a: { type: 'plain_text_input', value: 'y' } } })).toEqual({});
  });
});

describe('menus', () => {
  const cases: [string, Option[], Record<string, unknown>][] = [
    ['static_select', [option('a')], { selected_option: option('a') }],
    ['static_select', [], { selected_option: null }],
    ['multi_external_select', [option('a'), option('b')], { selected_options: [option('a'), option('b')] }],
    ['users_select', [option('U1')], { selected_user: 'U1' }],
    ['multi_channels_select', [option('C1')], { selected_channels: ['C1'] }],
    ['conversations_select', [option('C1')], { selected_conversation: 'C1' }],
  ];
  it.each(cases)('%s keeps the selection', (type, chosen, state) => {
    expect(menuState(type, chosen)).toEqual({ type, ...state });
    expect(chosenValues(menuState(type, chosen))).toEqual(chosen.map(({ value }) => value));
  });
});
