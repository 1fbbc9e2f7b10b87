import type { Json } from './types.ts';

/**
 * Message text in Slack's markup: `&`, `<`, `>` are written as entities, and angle brackets hold only mentions
 * (`<@U1>`, `<#C1>`, `<!here>`) and links (`<https://…|label>`).
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'link'; readonly url: string; readonly label?: string };

const ENTITY = /<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|![a-z]+|(?:https?:\/\/|mailto:)[^<>|\s]+)(?:\|([^<>]*))?>/;
const BARE_URL = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"]/;

const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  // One pass over both forms; everything between them is plain text.
  const pattern = new RegExp(`${ENTITY.source}|(${BARE_URL.source})`, 'g');
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: 'text', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const [, target, label, bare] = match;
    if (bare !== undefined) tokens.push({ kind: 'link', url: bare });
    else if (target !== undefined) tokens.push(entityToken(target, label));
  }
  if (end < text.length) tokens.push({ kind: 'text', text: text.slice(end) });
  return tokens;
};

const entityToken = (target: string, label: string | undefined): Token => {
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1) };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1) };
  if (target.startsWith('!')) return { kind: 'broadcast', range: target.slice(1) };
  return { kind: 'link', url: target, ...(label === undefined ? {} : { label }) };
};

/** Escapes what is not escaped yet: an ampersand that starts an entity stays. */
const escapeText = (text: string): string =>
  text
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const render = (token: Token): string => {
  switch (token.kind) {
    case 'text':
      return escapeText(token.text);
    case 'user':
      return `<@${token.id}>`;
    case 'channel':
      return `<#${token.id}>`;
    case 'broadcast':
      return `<!${token.range}>`;
    case 'link':
      return token.label === undefined ? `<${token.url}>` : `<${token.url}|${escapeText(token.label)}>`;
  }
};

/** Text from an app, as Slack stores it. Idempotent. */
export const normalizeText = (text: string): string => tokenize(text).map(render).join('');

/** The people mentioned in a stored text. */
export const mentionsIn = (text: string): string[] =>
  tokenize(text).flatMap((token) => (token.kind === 'user' ? [token.id] : []));

/** Typed text with each `@name` of `handles` as a mention, as the composer does. */
export const typedText = (text: string, handles: ReadonlyMap<string, string>): string => {
  return normalizeText(replaceNames(text, '@', handles, (id) => `<@${id}>`));
};

/**
 * Typed text after a command that requires escaping: people and channels by id with their name, links
 * in angle brackets, `&`, `<` and `>` as entities.
 */
export const commandText = (
  text: string,
  known: {
    readonly handles: ReadonlyMap<string, string>;
    /** Handles by id. */
    readonly names: ReadonlyMap<string, string>;
    readonly channels: ReadonlyMap<string, string>;
  },
): string => {
  const linked = escapeText(text).replace(new RegExp(BARE_URL.source, 'g'), (url) => `<${url}>`);
  const mentioned = replaceNames(linked, '@', known.handles, (id) => `<@${id}|${known.names.get(id) ?? ''}>`);
  return replaceNames(mentioned, '#', known.channels, (id, name) => `<#${id}|${name}>`);
};

const replaceNames = (
  text: string,
  sign: '@' | '#',
  ids: ReadonlyMap<string, string>,
  write: (id: string, name: string) => string,
): string => {
  let replaced = text;
  // Longest first, so that "@Ana Maria" does not match "@Ana".
  for (const [name, id] of [...ids].sort(([a], [b]) => b.length - a.length)) {
    if (name === '') continue;
    const pattern = new RegExp(`(^|[\\s(])${sign}${RegExp.escape(name)}(?![\\p{L}\\p{N}_])`, 'giu');
    replaced = replaced.replace(pattern, (_all, before: string) => before + write(id, name));
  }
  return replaced;
};

/** The `rich_text` block that Slack adds to typed text. */
export const richText = (text: string, blockId: string): Json => ({
  type: 'rich_text',
  block_id: blockId,
  elements: [{ type: 'rich_text_section', elements: tokenize(text).map(richElement) }],
});

const richElement = (token: Token): Json => {
  switch (token.kind) {
    case 'text':
      return { type: 'text', text: unescapeText(token.text) };
    case 'user':
      return { type: 'user', user_id: token.id };
    case 'channel':
      return { type: 'channel', channel_id: token.id };
    case 'broadcast':
      return { type: 'broadcast', range: token.range };
    case 'link':
      return { type: 'link', url: token.url, ...(token.label === undefined ? {} : { text: token.label }) };
  }
};

/** Slack cuts the text of a message at this length. */
export const MAX_TEXT = 40_000;
