import { expect, test } from 'vitest';
import { parseCallCommand } from '../../src/bot/call-command.ts';

const call = (to: string | null, text: string) => ({ kind: 'call', to, text });

test.each<[string, object]>([
  ['', { kind: 'help' }],
  ['  ', { kind: 'help' }],
  ['help', { kind: 'help' }],
  ['Help ', { kind: 'help' }],
  ['settings', { kind: 'settings' }],
  ['Settings', { kind: 'settings' }],
  ['my number', { kind: 'show-own-number' }],
  ['My  phone number ', { kind: 'show-own-number' }],
  ['my number +44 20 7946 0101', { kind: 'save-own-number', text: '+44 20 7946 0101' }],
  ['My number: 020 7946 0101', { kind: 'save-own-number', text: '020 7946 0101' }],
  ['my number <tel:+442079460101|+44 20 7946 0101>', { kind: 'save-own-number', text: '+44 20 7946 0101' }],
  ['my number forget', { kind: 'save-own-number', text: '' }],
  ['my number Forget it', { kind: 'save-own-number', text: '' }],
  ['my numbers are wrong', call(null, 'my numbers are wrong')],
  ['+44 20 7946 0000 about the invoice', call(null, '+44 20 7946 0000 about the invoice')],
  ['<tel:+442079460000|+44 20 7946 0000> the invoice', call(null, '+44 20 7946 0000 the invoice')],
  ['<tel:+442079460000> the invoice', call(null, '+442079460000 the invoice')],
  ['help me find +44 20 7946 0000', call(null, 'help me find +44 20 7946 0000')],
  ['<@U0BEN>', call('U0BEN', '')],
  ['<@U0BEN|ben>', call('U0BEN', '')],
  ['<@W0BEN|ben> Q3 &amp; the &lt;plan&gt;', call('W0BEN', 'Q3 & the <plan>')],
  ['<@U0BEN|ben> with <@U0ANA|ana> in <#C1|general>', call('U0BEN', 'with @ana in #general')],
  ['<@U0BEN> with <@U0ANA>', call('U0BEN', 'with @U0ANA')],
  ['<@U0BEN> see <https://example.com/?a=1&amp;b=2|example.com>', call('U0BEN', 'see example.com')],
  ['<@U0BEN> see <https://example.com/?a=1&amp;b=2>', call('U0BEN', 'see https://example.com/?a=1&b=2')],
  ['<@U0BEN> <mailto:a@example.com|a@example.com>', call('U0BEN', 'a@example.com')],
  ['@ben the invoice', { kind: 'unknown-member', name: 'ben' }],
  ['@', { kind: 'unknown-member', name: '' }],
  ['<!subteam^S1|@team> standup', { kind: 'unknown-member', name: 'team' }],
  ['<!here> standup', { kind: 'unknown-member', name: 'here' }],
  ['&lt;@U0BEN&gt;', call(null, '<@U0BEN>')],
])('“%s” is understood', (typed, understood) => {
  expect(parseCallCommand(typed)).toEqual(understood);
});

test('what is longer than a number and a title is cut, and loses what turns the writing round', () => {
  const parsed = parseCallCommand(`<@U0BEN|ben> \u202e${'word '.repeat(2_000)}`);
  expect(parsed).toMatchObject({ kind: 'call', to: 'U0BEN' });
  const { text } = parsed as { text: string };
  expect(text.length).toBeLessThanOrEqual(300);
  expect(text.startsWith('word word')).toBe(true);
});

test('brackets without end are read in time', () => {
  expect(parseCallCommand(`${'<'.repeat(20_000)}`).kind).toBe('call');
  expect(parseCallCommand(`${'<a|'.repeat(10_000)}`).kind).toBe('call');
});
