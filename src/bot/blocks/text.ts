import { shorten, toSingleLine } from '../../core/single-line.ts';
import { count, NAMELESS } from '../sentences/common.ts';

/**
 * Characters that show nothing and change how their neighbours read: zero-width spaces, soft hyphens and marks
 * of writing direction. The joiners (U+200C, U+200D) stay: Persian words and family emoji need them.
 */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff]/gu;

/** Hebrew, Arabic and the other scripts written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** What a person typed, on one line of at most `max` UTF-16 units. For what is stored or passed on. */
export const plain = (text: string, max: number): string =>
  shorten(toSingleLine(text.replace(INVISIBLE, '')), max);

/** The same for display beside other text, whose direction it cannot change: "62%" after a Hebrew name stays after it. */
export const clean = (text: string, max: number): string => {
  const line = plain(text, max);
  return RIGHT_TO_LEFT.test(line) ? `\u2068${shorten(line, max - 2)}\u2069` : line;
};

/**
 * For `mrkdwn` and a message's own `text`, where `<!channel>` would notify everyone. Slack does not parse plain text,
 * rich text and table cells, so they need no escaping.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What Slack takes as the text of an edited message, escaped. @see https://docs.slack.dev/reference/methods/chat.update */
export const MAX_TEXT = 4_000;

/** Escaped text of at most `max` UTF-16 units, cut where it leaves no half of an entity, a mention or a character. */
export const cutEscaped = (text: string, max: number): string =>
  text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .replace(/&[a-z]*$|<[^<>]*$/, '')
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()}…`;

/** For the text of a command, in which Slack sends the three as entities. */
export const unescapeMrkdwn = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** With a full stop unless it ends already, for text in which the parts of a card follow each other without a break. */
export const asSentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const NAME_MAX = 40;
/** As many names as fit into a line or two. */
const NAMES_SHOWN = 8;

const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** "Ana, Ben and Yuki"; past eight, the rest is counted. */
export const listNames = (names: readonly string[]): string => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => clean(name, NAME_MAX) || NAMELESS);
  const more = names.length - shown.length;
  return conjunction.format(more === 0 ? shown : [...shown, count(more, 'other')]);
};
