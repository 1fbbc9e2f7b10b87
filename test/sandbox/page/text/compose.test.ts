import { describe, expect, it } from 'vitest';
import { completionAt, composeText } from '../../../../sandbox/page/text/compose.ts';
import { dayLabel, formatDate } from '../../../../sandbox/page/text/date.ts';
import { emojiOf, shapeOf } from '../../../../sandbox/page/text/emoji.ts';
import { parsePermalink } from '../../../../sandbox/page/text/permalink.ts';

describe('what a person typed, as Slack stores it', () => {
  const names = {
    people: [
      { id: 'U1', name: 'ann', realName: 'Ann Lee' },
      { id: 'U2', name: 'annabel', realName: 'Annabel' },
      { id: 'UB', name: 'Parley', realName: 'Parley' },
    ],
    channels: [{ id: 'C1', name: 'general' }],
  };
  const cases: [string, string, string][] = [
    ['escapes the three characters', 'a < b & c > <!channel>', 'a &lt; b &amp; c &gt; &lt;!channel&gt;'],
    ['turns names into mentions', '@Parley and @ann, @Ann Lee', '<@UB> and <@U1>, <@U1>'],
    ['takes the longer name', '@annabel', '<@U2>'],
    ['leaves addresses of mail alone', 'write to me@ann.example', 'write to me@ann.example'],
    ['turns channels into mentions', 'in #general!', 'in <#C1|general>!'],
    [
      'brackets addresses, without what ends the sentence',
      'see https://a.b/c?d=1&e=2.',
      'see <https://a.b/c?d=1&amp;e=2>.',
    ],
    ['mentions nobody inside of an address', 'https://a.b/@ann', '<https://a.b/@ann>'],
    ['leaves unknown names as they are', '@nobody', '@nobody'],
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
    ['nothing in an address of mail', 'me@an', null],
  ];
  it.each(cases)('offers %s', (_name, typed, expected) => {
    expect(completionAt(typed, typed.length)).toEqual(expected);
  });
});

describe('dates and emoji', () => {
  const context = { nowMs: Date.UTC(2026, 10, 22, 12), timeZone: 'Europe/London' };

  it('formats Slack’s date tokens in a time zone', () => {
    const seconds = Date.UTC(2026, 10, 22, 8, 5, 9) / 1000;
    expect(formatDate(seconds, '{date_num} {time} {time_secs}', context)).toBe('2026-11-22 08:05 08:05:09');
    expect(formatDate(seconds, '{date_short_pretty} {date_short} {what}', context)).toBe(
      'today 22 Nov 2026 {what}',
    );
    expect(formatDate(seconds - 86_400, '{date_pretty}', context)).toBe('yesterday');
  });

  it('names days', () => {
    expect(dayLabel(context.nowMs, context)).toBe('Today');
    expect(dayLabel(Date.UTC(2026, 10, 19), context)).toBe('Thursday 19 November');
  });

  it('draws squares and circles, and knows the rest by name', () => {
    expect(shapeOf('large_blue_square')).toEqual({ shape: 'square', colour: '#55acee' });
    expect(shapeOf('black_large_square')?.shape).toBe('square');
    expect(shapeOf('red_circle')?.shape).toBe('circle');
    expect(shapeOf('tada')).toBeNull();
    expect(emojiOf('tada')).toBe('🎉');
    expect(emojiOf('no_such_emoji')).toBeUndefined();
  });
});

describe('links to messages', () => {
  const origin = 'http://127.0.0.1:3100';
  const cases: [string, string, ReturnType<typeof parsePermalink>][] = [
    ['a root', `${origin}/archives/C1/p1795335957376000`, { channel: 'C1', ts: '1795335957.376000' }],
    [
      'a reply',
      `${origin}/archives/C1/p2000000?thread_ts=1.000000&cid=C1`,
      { channel: 'C1', ts: '1.000000' },
    ],
    ['another place here', `${origin}/control/files/F1/a`, null],
    ['another workspace', 'https://acme.slack.com/archives/C1/p1795335957376000', null],
    ['no address at all', 'http://', null],
  ];
  it.each(cases)('reads %s', (_name, href, expected) => {
    expect(parsePermalink(href, origin)).toEqual(expected);
  });
});
