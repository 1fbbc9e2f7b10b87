import { describe, expect, test } from 'vitest';
import { parseMessageBlocks, parseView } from '../../../sandbox/slack/blocks/check.ts';
import { SlackError } from '../../../sandbox/slack/errors.ts';
import type { Json } from '../../../sandbox/slack/types.ts';

const text = (length: number, type = 'mrkdwn') => ({ type, text: 'x'.repeat(length) });
const section = (length: number): Json => ({ type: 'section', text: text(length) });
const button = (more: Json = {}): Json => ({ type: 'button', text: text(3, 'plain_text'), ...more });
const actions = (...elements: Json[]): Json => ({ type: 'actions', elements });
const image = (more: Json): Json => ({ type: 'image', alt_text: 'a', ...more });

const faults = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    if (error instanceof SlackError) return error.details.errors ?? error.code;
    throw error;
  }
  return 'accepted';
};
const message = (blocks: unknown) => faults(() => parseMessageBlocks(blocks, () => null));

describe('a message', () => {
  test.each<[string, unknown, unknown]>([
    ['no array', { type: 'divider' }, 'invalid_blocks_format'],
    ['an unknown block', [{ type: 'pie' }], ['unsupported type: pie [json-pointer:/blocks/0/type]']],
    [
      'an unknown element',
      [actions({ type: 'dial' })],
      ['unsupported type: dial [json-pointer:/blocks/0/elements/0/type]'],
    ],
    [
      'a section of 3,001 characters',
      [section(3001)],
      ['must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    ],
    ['an empty text', [section(0)], ['must be more than 0 characters [json-pointer:/blocks/0/text/text]']],
    [
      'a header in markdown',
      [{ type: 'header', text: text(3) }],
      ['invalid value [json-pointer:/blocks/0/text/type]'],
    ],
    [
      'a header of 151 characters',
      [{ type: 'header', text: text(151, 'plain_text') }],
      ['must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
    ],
    [
      'a context of 11 elements',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => text(1)) }],
      ['no more than 10 items allowed [json-pointer:/blocks/0/elements]'],
    ],
    [
      'actions of 26 elements',
      [actions(...Array.from({ length: 26 }, () => button()))],
      ['no more than 25 items allowed [json-pointer:/blocks/0/elements]'],
    ],
    [
      'a button with a long text',
      [actions({ type: 'button', text: text(76, 'plain_text') })],
      ['must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]'],
    ],
    [
      'a button with a long value',
      [actions(button({ value: 'x'.repeat(2001) }))],
      ['must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]'],
    ],
    [
      'an action id used twice in a block',
      [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
      ['`action_id` must be unique within a block [json-pointer:/blocks/0]'],
    ],
    [
      'a block id used twice',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      ['`block_id` must be unique: b [json-pointer:/blocks/1/block_id]'],
    ],
    [
      'an image without a source',
      [image({})],
      ['must define either `image_url` or `slack_file` [json-pointer:/blocks/0]'],
    ],
    [
      'an image of an unknown file',
      [image({ slack_file: { id: 'F0' } })],
      ['invalid slack file [json-pointer:/blocks/0/slack_file]'],
    ],
    [
      'an alt text that is missing',
      [{ type: 'image', image_url: 'https://a.example/b.png' }],
      ['missing required field: alt_text [json-pointer:/blocks/0/alt_text]'],
    ],
    [
      'a field that Slack does not know',
      [{ type: 'divider', colour: 'red' }],
      ['invalid additional property: colour [json-pointer:/blocks/0]'],
    ],
    [
      'a section with nothing in it',
      [{ type: 'section' }],
      ['must define either `text` or `fields` [json-pointer:/blocks/0]'],
    ],
    [
      '51 blocks',
      Array.from({ length: 51 }, () => ({ type: 'divider' })),
      ['no more than 50 items allowed [json-pointer:/blocks]'],
    ],
    [
      'a table of 101 rows',
      [{ type: 'table', rows: Array.from({ length: 101 }, () => [{ type: 'raw_text', text: 'x' }]) }],
      ['no more than 100 items allowed [json-pointer:/blocks/0/rows]'],
    ],
    [
      'more than 13,200 characters in all',
      Array.from({ length: 5 }, () => section(2700)),
      'msg_blocks_too_long',
    ],
    ['13,200 characters', Array.from({ length: 5 }, () => section(2640)), 'accepted'],
    ['a section of 3,000', [section(3000)], 'accepted'],
    ['markdown of 12,000', [{ type: 'markdown', text: 'x'.repeat(12_000) }], 'accepted'],
  ])('with %s', (_name, blocks, expected) => {
    expect(message(blocks)).toEqual(expected);
  });

  test('gets an id for every block and element that has none', () => {
    const [block] = parseMessageBlocks([actions(button(), button({ action_id: 'mine' }))], () => null);
    const [first, second] = block!.elements as Json[];
    expect(block!.block_id).toEqual(expect.any(String));
    expect(first!.action_id).toEqual(expect.any(String));
    expect(second!.action_id).toBe('mine');
  });
});

describe('a modal', () => {
  const input = {
    type: 'input',
    label: text(3, 'plain_text'),
    element: { type: 'plain_text_input', action_id: 'a' },
  };
  const title = text(3, 'plain_text');
  test.each<[string, Json, unknown]>([
    [
      'with an input and no submit',
      { type: 'modal', title, blocks: [input] },
      ['missing required field: submit [json-pointer:/view]'],
    ],
    [
      'with a long title',
      { type: 'modal', title: text(25, 'plain_text'), blocks: [] },
      ['must be less than 25 characters [json-pointer:/view/title/text]'],
    ],
    [
      'with a block for messages only',
      { type: 'modal', title, blocks: [{ type: 'markdown', text: 'x' }] },
      ['unsupported type: markdown [json-pointer:/view/blocks/0/type]'],
    ],
    [
      'with 101 blocks',
      { type: 'modal', title, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      ['no more than 100 items allowed [json-pointer:/view/blocks]'],
    ],
    ['as it should be', { type: 'modal', title, submit: title, blocks: [input] }, 'accepted'],
  ])('%s', (_name, view, expected) => {
    expect(faults(() => parseView(view, 'modal', () => null))).toEqual(expected);
  });
});
