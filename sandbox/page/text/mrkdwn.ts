/**
 * Slack's mrkdwn as a tree. The library that draws the other blocks decodes escapes before it parses: it would show an
 * escaped `&lt;!channel&gt;` as a mention and drop the colons of `1:02:03`.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | {
      readonly kind: 'user' | 'channel' | 'broadcast' | 'emoji';
      readonly name: string;
      readonly label?: string;
    }
  | {
      readonly kind: 'date';
      readonly seconds: number;
      readonly format: string;
      readonly href?: string;
      readonly fallback: string;
    };

export type Line =
  | { readonly kind: 'line' | 'quote'; readonly children: readonly Inline[] }
  | { readonly kind: 'pre'; readonly text: string };

export interface MrkdwnOptions {
  /** `plain_text` objects: emoji only, no other syntax. */
  readonly plain?: boolean;
  /** False turns emoji short names off (`emoji: false`, `verbatim` code). Default true. */
  readonly emoji?: boolean;
}

export function parseMrkdwn(source: string, options: MrkdwnOptions = {}): Line[] {
  if (options.plain)
    return source.split('\n').map((text) => ({ kind: 'line', children: parsePlain(text, options) }));
  const lines: Line[] = [];
  let at = 0;
  // A closed fence may be anywhere; the text around it is parsed line by line.
  for (const fence of source.matchAll(/```([\s\S]+?)```\n?/g)) {
    lines.push(...parseLines(source.slice(at, fence.index), options));
    lines.push({ kind: 'pre', text: unescaped(fence[1]!.replace(/^\n|\n$/g, '')) });
    at = fence.index + fence[0].length;
  }
  lines.push(...parseLines(source.slice(at), options));
  return lines;
}

/** A message's text without formatting, for live regions. */
export function mrkdwnToPlain(
  source: string,
  nameOf: (kind: 'user' | 'channel', id: string) => string,
): string {
  const plainOf = (inline: Inline): string => {
    if ('text' in inline) return inline.text;
    if ('children' in inline) return inline.children.map(plainOf).join('');
    if (inline.kind === 'user' || inline.kind === 'channel') {
      return inline.label ?? nameOf(inline.kind, inline.name);
    }
    if (inline.kind === 'date') return inline.fallback;
    return inline.kind === 'broadcast' ? `@${inline.name}` : '';
  };
  return parseMrkdwn(source)
    .map((line) => (line.kind === 'pre' ? line.text : line.children.map(plainOf).join('')))
    .join(' ')
    .trim();
}

/** The URL of a link, or null for schemes that could run code. */
export function safeHref(href: string): string | null {
  return /^(https?:\/\/|mailto:|tel:)/i.test(href) ? href : null;
}

function parseLines(text: string, options: MrkdwnOptions): Line[] {
  if (text === '') return [];
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
      return quoted
        ? { kind: 'quote', children: parseInline(quoted[1]!, options) }
        : { kind: 'line', children: parseInline(line, options) };
    });
}

const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/** Tokens, tried in this order at each position (sticky). */
const TOKENS = {
  code: /`([^`\n]+)`/y,
  angle: /<([^<>\n]+)>/y,
  emoji: /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/iy,
  // A style contains whole links and code; it never ends inside one.
  styled: /([*_~])(?=\S)((?:<[^<>\n]+>|`[^`\n]+`|[^\n<`])+?)(?<=\S)\1(?![\p{L}\p{N}])/uy,
  url: /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"*_~]/y,
} as const;

function parseInline(text: string, options: MrkdwnOptions): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  let at = 0;
  const flush = () => {
    if (plain) found.push({ kind: 'text', text: unescaped(plain) });
    plain = '';
  };
  while (at < text.length) {
    const token = tokenAt(text, at, options);
    if (token) {
      flush();
      found.push(token.inline);
      at += token.length;
    } else {
      plain += text[at]!;
      at += 1;
    }
  }
  flush();
  return found;
}

function tokenAt(
  text: string,
  at: number,
  options: MrkdwnOptions,
): { inline: Inline; length: number } | null {
  const match = (name: keyof typeof TOKENS) => {
    const pattern = TOKENS[name];
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  // Styles and emoji start at the beginning of a word, so that `2*3*4`, `snake_case_name` and `10:30:45` stay as they are.
  const isWordStart = at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!);
  const code = match('code');
  if (code) return { inline: { kind: 'code', text: unescaped(code[1]!) }, length: code[0].length };
  const angle = match('angle');
  if (angle) return { inline: parseAngle(angle[1]!, options), length: angle[0].length };
  const emoji = options.emoji !== false && isWordStart ? match('emoji') : null;
  if (emoji && /[a-z]|^[+-]1$/i.test(emoji[1]!)) {
    return { inline: { kind: 'emoji', name: emoji[1]! }, length: emoji[0].length };
  }
  const styled = isWordStart ? match('styled') : null;
  if (styled) {
    const kind = STYLES[styled[1] as keyof typeof STYLES];
    return { inline: { kind, children: parseInline(styled[2]!, options) }, length: styled[0].length };
  }
  const url = isWordStart ? match('url') : null;
  if (url) {
    const href = unescaped(url[0]);
    return {
      inline: { kind: 'link', href, children: [{ kind: 'text', text: href }] },
      length: url[0].length,
    };
  }
  return null;
}

/** The content of `<…>`: a mention, a date or a link. */
function parseAngle(inside: string, options: MrkdwnOptions): Inline {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : inside.slice(bar + 1);
  const withLabel = label ? { label: unescaped(label) } : {};
  if (target.startsWith('@')) return { kind: 'user', name: target.slice(1), ...withLabel };
  if (target.startsWith('#')) return { kind: 'channel', name: target.slice(1), ...withLabel };
  if (target.startsWith('!date^')) return parseDate(target, label);
  if (target.startsWith('!'))
    return { kind: 'broadcast', name: target.slice(1).split('^')[0]!, ...withLabel };
  const href = unescaped(target);
  const children = label
    ? parseInline(label, options)
    : [{ kind: 'text', text: href.replace(/^mailto:/, '') } as const];
  return { kind: 'link', href, children };
}

function parseDate(target: string, fallback = ''): Inline {
  const [, seconds = '', format = '', href] = target.split('^');
  const withHref = href ? { href: unescaped(href) } : {};
  return {
    kind: 'date',
    seconds: Number(seconds),
    format: unescaped(format),
    fallback: unescaped(fallback),
    ...withHref,
  };
}

/** Plain text has no escapes and no syntax but emoji short names. */
function parsePlain(text: string, options: MrkdwnOptions): Inline[] {
  if (options.emoji === false) return [{ kind: 'text', text }];
  const found: Inline[] = [];
  for (const part of text.split(/((?<![\p{L}\p{N}]):[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)/iu)) {
    const isEmoji = /^:[^:\s]+:$/.test(part);
    if (isEmoji) found.push({ kind: 'emoji', name: part.slice(1, -1) });
    else if (part) found.push({ kind: 'text', text: part });
  }
  return found;
}

/** Slack escapes these three characters only; `&amp;` comes last, so that nothing is decoded twice. */
const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
