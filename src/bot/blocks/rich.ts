import type { KnownBlock, RichTextBlock, RichTextElement, RichTextSection } from '@slack/types';
import type { MemberId } from '../../core/ids.ts';
import type { SpeakerColour } from '../../core/palette.ts';

/**
 * Rich text. Names and transcripts go into it as text elements that Slack never parses, so that they cannot mention
 * anyone, open a link or break the formatting.
 */
export const words = (text: string): RichTextElement => ({ type: 'text', text });
export const bold = (text: string): RichTextElement => ({ type: 'text', text, style: { bold: true } });
/** Something to type. */
export const code = (text: string): RichTextElement => ({ type: 'text', text, style: { code: true } });
export const link = (url: string, text: string): RichTextElement => ({ type: 'link', url, text });
export const emoji = (name: string): RichTextElement => ({ type: 'emoji', name });
/** A member, by the name that the reader sees. */
export const member = (id: MemberId): RichTextElement => ({ type: 'user', user_id: id });
/** A moment in the reader's language and time zone. `format` is Slack's. */
export const date = (atMs: number, format: string, fallback: string): RichTextElement => ({
  type: 'date',
  timestamp: Math.floor(atMs / 1000),
  format,
  fallback,
});
/** For readers without date formatting: "09:10 UTC". */
export const toUtc = (atMs: number): string => `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
export const square = (colour: SpeakerColour): RichTextElement => emoji(colour.square);

export const paragraph = (...elements: RichTextElement[]): RichTextSection => ({
  type: 'rich_text_section',
  elements,
});
export const rich = (...elements: RichTextSection[]): RichTextBlock => ({ type: 'rich_text', elements });
export const line = (...elements: RichTextElement[]): RichTextBlock => rich(paragraph(...elements));

/** A message as it is sent to Slack: `text` is for notifications and screen readers. */
export interface Built {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}
