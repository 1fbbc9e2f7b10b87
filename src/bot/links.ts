import { mayBeRecording } from '../core/conversation/may-be-recording.ts';
import { unescapeMrkdwn } from './blocks/text.ts';
import { readable } from './call-command.ts';
import type { MessageContent } from './incoming.ts';

type WithLinks = Pick<MessageContent, 'text' | 'blocks' | 'attachments'>;

/**
 * The web links of a message, those first that look like recordings. Finds what people typed (`<https://…|label>`
 * in the text, link elements in the blocks) and what was attached (titles and sources of previews).
 */
export const linksIn = (message: WithLinks): string[] => {
  const found = [
    ...linksInText(message.text ?? ''),
    ...linksInside(message.blocks ?? [], ['url']),
    ...linksInside(message.attachments ?? [], [
      'audio_url',
      'video_url',
      'title_link',
      'from_url',
      'original_url',
    ]),
  ];
  const unique = [...new Set(found.flatMap((text) => toWebLink(text) ?? []))];
  return [...unique.filter(looksLikeRecording), ...unique.filter((url) => !looksLikeRecording(url))];
};

/** Whether the address ends like a recording's name. */
export const looksLikeRecording = (url: string): boolean =>
  mayBeRecording({ name: new URL(url).pathname, mimeType: null });

/**
 * The link in the text of a command, bare or as Slack writes it; null when there is none. Slack may take a part of an
 * address for something else ("/@ana/" in it for a teammate), so the text is read as a whole first.
 */
export const linkInCommand = (text: string): string | null => {
  const [bracketed] = linksInText(text);
  const whole = readable(text.replace(LINK, '$1'), text.length);
  return toWebLink(whole) ?? (bracketed === undefined ? null : toWebLink(bracketed));
};

/** The link of a message that is nothing else; null for any other message. */
export const linkAlone = (text: string): string | null => {
  const [link, ...others] = linksInText(text);
  const isAlone = link !== undefined && others.length === 0 && /^\s*<[^<>]*>\s*$/.test(text);
  return isAlone ? toWebLink(link) : null;
};

/** Whether the address names a user or their password (`https://ana:secret@…`). */
export const hasCredentials = (url: string): boolean => {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
};

const LINK = /<(https?:[^|>\s]+)(?:\|[^>]*)?>/gi;

const linksInText = (text: string): string[] =>
  [...text.matchAll(LINK)].map((match) => unescapeMrkdwn(match[1]!));

const toWebLink = (text: string): string | null => {
  if (/\s/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
};

/** Deeper than any block Slack makes; a limit for untrusted input. */
const MAX_DEPTH = 12;

const linksInside = (value: unknown, keys: readonly string[], depth = 0): string[] => {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (keys.includes(key) ? [inner] : []) : linksInside(inner, keys, depth + 1),
  );
};
