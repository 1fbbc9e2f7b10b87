import { parseMessageBlocks, parseView } from '../../../sandbox/slack/blocks/check.ts';
import type { FileRecord } from '../../../sandbox/slack/types.ts';
import type { Built } from '../../../src/bot/blocks/rich.ts';

const PICTURE = { state: 'ready', mimetype: 'image/png', size: 1 } as FileRecord;

/** Throws with the place of the fault unless Slack would take the message. */
export const expectSlackTakes = ({ text, blocks }: Built): void => {
  parseMessageBlocks(blocks, () => PICTURE);
  if (JSON.stringify(blocks).length > 13_200) throw new Error('the blocks are too long');
  if (text.length === 0 || text.length > 4_000) throw new Error(`the text has ${text.length} characters`);
  // The Web API's client percent-encodes, which fails on half a character.
  encodeURIComponent(JSON.stringify({ text, blocks }));
};

export const expectSlackTakesView = (view: object, kind: 'modal' | 'home'): void => {
  parseView(view, kind, () => PICTURE);
  encodeURIComponent(JSON.stringify(view));
};

/** What people read of blocks, with emoji as `:name:` and every blank as a plain one. */
export const readable = (value: unknown): string => gather(value).replaceAll('\u00a0', ' ');

const gather = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(gather).join('');
  if (typeof value !== 'object' || value === null) return '';
  const node = value as Record<string, unknown>;
  if (node.type === 'emoji') return `:${String(node.name)}:`;
  const own = typeof node.text === 'string' ? node.text : gather(node.text);
  const inner = ['label', 'elements', 'element', 'accessory', 'blocks', 'fields']
    .map((key) => gather(node[key]))
    .join('');
  const breaks = node.type === 'rich_text_section' || node.type === 'header' || node.type === 'context';
  return own + inner + (breaks ? '\n' : '');
};
