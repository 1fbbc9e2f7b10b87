import { describe, expect, it } from 'vitest';
import { completionAt, composeText } from '../../../../sandbox/page/composer/compose.ts';

describe('typed text as Slack stores it', () => {
  const names = {
    people: [
      { id: 'U1', name: 'ann', realName: 'Ann Lee' },
      { id: 'U2', name: 'annabel', realName: 'Annabel' },
      { id: 'UB', name: 'Parley', realName: 'Parley' },
    ],
    channels: [{ id: 'C1', name: 'general' }],
  };
  const cases: [string, string, string][] = [
    ['escapes &, < and >', 'a < b & c > <!channel>', 'a &lt; b &amp; c &gt; &lt;!channel&gt;'],
    ['turns names into mentions', '@Parley and @ann, @Ann Lee', '<@UB> and <@U1>, <@U1>'],
    ['takes the longer name', '@annabel', '<@U2>'],
    ['leaves email addresses as they are', 'write to me@ann.example', 'write to me@ann.example'],
    ['turns channels into mentions', 'in #general!', 'in <#C1|general>!'],
    [
      'puts URLs into angle brackets, without the punctuation after them',
      'see https://a.b/c?d=1&e=2.',
      'see <https://a.b/c?d=1&amp;e=2>.',
    ],
    ['makes no mention inside a URL', 'https://a.b/@ann', '<https://a.b/@ann>'],
    ['leaves unknown names as they are', '@unknown', '@unknown'],
  ];
  it.each(cases)('%s', (_name, typed, stored) => {
    expect(composeText(typed, names)).toBe(stored);
  });
});

describe('completion', () => {
  const cases: [string, string, ReturnType<typeof completionAt>][] = [
    ['a command at the start', '/Tra', { kind: 'command', query: 'tra', from: 0 }],
    ['a mention in a sentence', 'ask @an', { kind: 'mention', query: 'an', from: 4 }],
    ['nothing for a slash later on', 'and /tra', null],
    ['nothing once the command has arguments', '/transcribe x', null],
    ['nothing in an email address', 'me@an', null],
  ];
  it.each(cases)('offers %s', (_name, typed, expected) => {
    expect(completionAt(typed, typed.length)).toEqual(expected);
  });
});
