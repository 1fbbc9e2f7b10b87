export interface Names {
  readonly people: readonly { id: string; name: string; realName: string }[];
  readonly channels: readonly { id: string; name: string }[];
}

/**
 * Typed text as Slack stores it: `&`, `<` and `>` escaped, `@Name` and `#channel` as mentions, bare URLs in angle
 * brackets.
 */
export function composeText(typed: string, names: Names): string {
  return typed
    .split(/(https?:\/\/[^\s]+)/g)
    .map((part, index) => (index % 2 === 1 ? bracketed(part) : withMentions(escaped(part), names)))
    .join('')
    .trim();
}

/** The word before the caret that can be completed: `/tra` at the start of the text, or `@an` anywhere. */
export function completionAt(
  typed: string,
  caret: number,
): { kind: 'command' | 'mention'; query: string; from: number } | null {
  const before = typed.slice(0, caret);
  const command = /^\/(\S*)$/.exec(before);
  if (command) return { kind: 'command', query: command[1]!.toLowerCase(), from: 0 };
  const mention = /(?:^|\s)@([^\s@]*)$/.exec(before);
  if (mention)
    return { kind: 'mention', query: mention[1]!.toLowerCase(), from: caret - mention[1]!.length - 1 };
  return null;
}

function bracketed(url: string): string {
  const [, trimmed = url, after = ''] = /^(.*?)([.,;:!?)\]'"]*)$/.exec(url) ?? [];
  return `<${escaped(trimmed)}>${escaped(after)}`;
}

function withMentions(text: string, { people, channels }: Names): string {
  // Longer names first, so that "@Ann Lee" is not read as "@Ann".
  const targets = [
    ...people.flatMap(({ id, name, realName }) => [
      { word: `@${escaped(name)}`, mention: `<@${id}>` },
      { word: `@${escaped(realName)}`, mention: `<@${id}>` },
    ]),
    ...channels.map(({ id, name }) => ({ word: `#${escaped(name)}`, mention: `<#${id}|${escaped(name)}>` })),
  ].sort((a, b) => b.word.length - a.word.length);
  const words = targets.map(({ word }) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return text;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return text.replace(
    pattern,
    (found) => targets.find(({ word }) => word.toLowerCase() === found.toLowerCase())?.mention ?? found,
  );
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
