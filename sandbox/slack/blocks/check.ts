import { z } from 'zod';
import { faultsError, SlackError } from '../errors.ts';
import { newHash, newId, shortId } from '../ids.ts';
import type { FileRecord, Json } from '../types.ts';
import { messageBlock, viewBlock } from './blocks.ts';
import { faultsOf } from './faults.ts';
import { plainText } from './objects.ts';

const MAX_MESSAGE_BLOCKS = 50;
const MAX_VIEW_BLOCKS = 100;
/** All text of a message's blocks together. */
const MAX_MESSAGE_CHARACTERS = 13_200;
const MAX_MARKDOWN_CHARACTERS = 12_000;
const MAX_CHARTS = 2;

/** Finds a file by id for `slack_file`; null when there is none. */
export type FindFile = (id: string) => FileRecord | null;

/**
 * Blocks of a message as Slack stores them: with ids for every block and element, and with image dimensions.
 * Throws `invalid_blocks` with the location of every fault, `invalid_blocks_format`, or `tooLong`, which differs by method.
 */
export const parseMessageBlocks = (
  input: unknown,
  findFile: FindFile,
  tooLong: 'msg_blocks_too_long' | 'msg_too_long' = 'msg_blocks_too_long',
): Json[] => {
  if (!Array.isArray(input)) throw new SlackError('invalid_blocks_format');
  const parsed = z.array(messageBlock).max(MAX_MESSAGE_BLOCKS).safeParse(input, { reportInput: true });
  if (!parsed.success) throw faultsError('invalid_blocks', faultsOf(parsed.error, '/blocks'));
  const blocks = parsed.data as Json[];
  const faults = [...duplicateIds(blocks, '/blocks'), ...unusableFiles(blocks, '/blocks', findFile)];
  if (blocks.filter(({ type }) => type === 'data_visualization').length > MAX_CHARTS) {
    faults.push(`no more than ${MAX_CHARTS} data_visualization blocks allowed [json-pointer:/blocks]`);
  }
  if (blocks.filter(({ type }) => type === 'table').length > 1) {
    faults.push('only one table allowed [json-pointer:/blocks]');
  }
  const markdown = blocks.filter(({ type }) => type === 'markdown');
  if (charactersIn(markdown) > MAX_MARKDOWN_CHARACTERS) {
    faults.push(`must be less than ${MAX_MARKDOWN_CHARACTERS + 1} characters [json-pointer:/blocks]`);
  }
  if (faults.length > 0) throw faultsError('invalid_blocks', faults);
  if (charactersIn(blocks) > MAX_MESSAGE_CHARACTERS) throw new SlackError(tooLong);
  return blocks.map((block) => complete(block, findFile));
};

const modal = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  blocks: z.array(viewBlock).max(MAX_VIEW_BLOCKS),
  close: plainText(24).optional(),
  submit: plainText(24).optional(),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  external_id: z.string().max(255).optional(),
  submit_disabled: z.boolean().optional(),
});

const home = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(viewBlock).max(MAX_VIEW_BLOCKS),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
});

/** A modal or home as Slack stores it, without ids. Throws `invalid_arguments` with the location of every fault. */
export const parseView = (input: unknown, kind: 'modal' | 'home', findFile: FindFile): Json => {
  const parsed = (kind === 'modal' ? modal : home).safeParse(input, { reportInput: true });
  if (!parsed.success) throw faultsError('invalid_arguments', faultsOf(parsed.error, '/view'));
  const view = parsed.data as Json & { blocks: Json[] };
  const faults = [
    ...duplicateIds(view.blocks, '/view/blocks'),
    ...unusableFiles(view.blocks, '/view/blocks', findFile),
  ];
  if (kind === 'modal' && view.submit === undefined && view.blocks.some(({ type }) => type === 'input')) {
    faults.push('missing required field: submit [json-pointer:/view]');
  }
  if (faults.length > 0) throw faultsError('invalid_arguments', faults);
  return { ...view, blocks: view.blocks.map((block) => complete(block, findFile)) };
};

/** The ids of a new view. */
export const newViewIds = (): { id: string; hash: string } => ({ id: newId('V'), hash: newHash() });

const duplicateIds = (blocks: readonly Json[], root: string): string[] => {
  const seen = new Set<unknown>();
  return blocks.flatMap(({ block_id }, index) => {
    if (block_id === undefined) return [];
    if (seen.has(block_id)) {
      return [`\`block_id\` must be unique: ${block_id as string} [json-pointer:${root}/${index}/block_id]`];
    }
    seen.add(block_id);
    return [];
  });
};

/** Every `slack_file` that Slack rejects: unknown, deleted, not an image, or still being processed. */
const unusableFiles = (blocks: readonly Json[], root: string, findFile: FindFile): string[] =>
  blocks.flatMap((block, index) => {
    const file = block.type === 'image' ? fileOf(block, findFile) : undefined;
    if (file === undefined) return [];
    const usable = file?.state === 'ready' && /^image\/(png|jpeg|gif)$/.test(file.mimetype);
    return usable ? [] : [`invalid slack file [json-pointer:${root}/${index}/slack_file]`];
  });

const fileOf = (image: Json, findFile: FindFile): FileRecord | null | undefined => {
  const source = image.slack_file as { id?: string; url?: string } | undefined;
  if (source === undefined) return undefined;
  // The URL of a file contains the team and the file: /files-pri/T1-F1/name.
  return findFile(source.id ?? /-(F[A-Z0-9]+)\//.exec(source.url ?? '')?.[1] ?? '');
};

const complete = (block: Json, findFile: FindFile): Json => {
  const done: Json = { ...block, block_id: block.block_id ?? shortId() };
  if (Array.isArray(block.elements) && (block.type === 'actions' || block.type === 'context_actions')) {
    done.elements = (block.elements as Json[]).map(withActionId);
  }
  if (block.accessory !== undefined) done.accessory = withActionId(block.accessory as Json);
  if (block.element !== undefined) done.element = withActionId(block.element as Json);
  const file = block.type === 'image' ? fileOf(block, findFile) : undefined;
  if (file) {
    done.fallback = `${file.image?.width ?? 0}x${file.image?.height ?? 0}px image`;
    done.image_width = file.image?.width ?? 0;
    done.image_height = file.image?.height ?? 0;
    done.image_bytes = file.size;
  }
  return done;
};

const withActionId = (element: Json): Json =>
  element.type === 'image' ? element : { ...element, action_id: element.action_id ?? shortId() };

/** The visible characters, at any depth. */
const charactersIn = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) =>
      sum + (typeof item === 'string' ? (READ.has(key) ? item.length : 0) : charactersIn(item)),
    0,
  );
};
const READ = new Set(['text', 'alt_text', 'label', 'title']);
