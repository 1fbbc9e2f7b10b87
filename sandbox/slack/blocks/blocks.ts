import { z } from 'zod';
import { accessory, actionsElement, contextActionsElement, imageElement, inputElement } from './elements.ts';
import { blockId, hasOneSource, imageSource, mrkdwn, ONE_SOURCE, plainText, text } from './objects.ts';

/** Blocks. Limits are Slack's. @see https://docs.slack.dev/reference/block-kit/blocks */

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    message: 'must define either `text` or `fields`',
  });

const image = z
  .strictObject({
    type: z.literal('image'),
    block_id: blockId,
    ...imageSource,
    title: plainText(2000).optional(),
  })
  .refine(hasOneSource, ONE_SOURCE);

const actions = z
  .strictObject({
    type: z.literal('actions'),
    block_id: blockId,
    elements: z.array(actionsElement).min(1).max(25),
  })
  .refine(
    ({ elements }) => {
      const ids = elements.flatMap(({ action_id }) => action_id ?? []);
      return new Set(ids).size === ids.length;
    },
    { message: '`action_id` must be unique within a block' },
  );

const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z
    .array(z.discriminatedUnion('type', [imageElement, plainText(2000), mrkdwn(2000)]))
    .min(1)
    .max(10),
});

const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  element: inputElement,
  dispatch_action: z.boolean().optional(),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
});

/** Elements come from editors and rarely from apps: only their outline is checked. */
const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: blockId,
  elements: z.array(
    z.looseObject({
      type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted']),
      elements: z.array(z.looseObject({ type: z.string() })),
    }),
  ),
});

const cell = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().optional() }),
]);

const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z
        .strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        })
        .nullable(),
    )
    .max(20)
    .optional(),
});

const video = z.strictObject({
  type: z.literal('video'),
  block_id: blockId,
  video_url: z.url(),
  thumbnail_url: z.url(),
  alt_text: z.string(),
  title: plainText(200),
  title_url: z.url().optional(),
  author_name: z.string().max(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: z.url().optional(),
  description: plainText(200).optional(),
});

/**
 * Native charts exist since June 2026. Only pies of up to six segments are supported: sources disagree about more.
 * @see https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: blockId,
  title: z.string().min(1).max(50),
  chart: z.strictObject({
    type: z.literal('pie'),
    segments: z
      .array(z.strictObject({ label: z.string().min(1).max(20), value: z.number().positive() }))
      .min(1)
      .max(6),
  }),
});

const everywhere = [
  section,
  z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) }),
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
  image,
  actions,
  context,
  input,
  richText,
  video,
] as const;

export const messageBlock = z.discriminatedUnion('type', [
  ...everywhere,
  table,
  dataVisualization,
  z.strictObject({ type: z.literal('markdown'), block_id: blockId, text: z.string().min(1).max(12_000) }),
  z.strictObject({
    type: z.literal('context_actions'),
    block_id: blockId,
    elements: z.array(contextActionsElement).min(1).max(5),
  }),
  z.strictObject({
    type: z.literal('file'),
    block_id: blockId,
    external_id: z.string(),
    source: z.literal('remote'),
  }),
  z.strictObject({
    type: z.literal('call'),
    block_id: blockId,
    call_id: z.string(),
    api_decoration_available: z.boolean().optional(),
    call: z.looseObject({}).optional(),
  }),
]);

export const viewBlock = z.discriminatedUnion('type', [...everywhere]);
