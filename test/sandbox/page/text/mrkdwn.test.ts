import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inline, mrkdwnToPlain, parseMrkdwn, safeHref } from '../../../../sandbox/page/text/mrkdwn.ts';

/** A short form of the tree: what a reader would see, with marks for what it is. */
const show = (inline: Inline): string => {
  if ('text' in inline) return inline.kind === 'code' ? `code(${inline.text})` : inline.text;
  if (inline.kind === 'date') return `date(${inline.seconds},${inline.format},${inline.fallback})`;
  if (inline.kind === 'link') return `link(${inline.href},${inline.children.map(show).join('')})`;
  if ('children' in inline) return `${inline.kind}(${inline.children.map(show).join('')})`;
  return `${inline.kind}(${inline.name}${inline.label ? `,${inline.label}` : ''})`;
};
const shown = (source: string, options = {}) =>
  parseMrkdwn(source, options).map((line) =>
    line.kind === 'pre'
      ? `pre(${line.text})`
      : `${line.kind === 'quote' ? '> ' : ''}${line.children.map(show).join('')}`,
  );

describe('mrkdwn', () => {
  const cases: [string, string, string[]][] = [
    ['styles', '*b* _i_ ~s~ `c`', ['bold(b) italic(i) strike(s) code(c)']],
    ['styles in styles', '*a _b_ c*', ['bold(a italic(b) c)']],
    ['no style inside of a word', 'a*b*c 2*3*4 snake_case_name', ['a*b*c 2*3*4 snake_case_name']],
    ['no style around spaces', '* not bold * and **', ['* not bold * and **']],
    ['a style that holds a link whole', '*<https://a.b/c*d|x>*', ['bold(link(https://a.b/c*d,x))']],
    ['nothing inside of code', '`*a* &lt;b&gt; :tada:`', ['code(*a* <b> :tada:)']],
    ['mentions', '<@U1> <#C1|general> <!here>', ['user(U1) channel(C1,general) broadcast(here)']],
    [
      'escaped mentions as the text they are',
      '&lt;@U1&gt; &lt;!channel&gt; &amp;lt;',
      ['<@U1> <!channel> &lt;'],
    ],
    [
      'links with and without a text',
      '<https://a.b?x=1&amp;y=2|one> <https://c.d>',
      ['link(https://a.b?x=1&y=2,one) link(https://c.d,https://c.d)'],
    ],
    [
      'bare addresses without the stop after them',
      'see https://a.b/c_d_e. ok',
      ['see link(https://a.b/c_d_e,https://a.b/c_d_e). ok'],
    ],
    ['mail', '<mailto:a@b.c>', ['link(mailto:a@b.c,a@b.c)']],
    [
      'emoji',
      ':large_blue_square: :+1::skin-tone-2: :tada:',
      ['emoji(large_blue_square) emoji(+1) emoji(tada)'],
    ],
    ['no emoji in a time', 'at 1:02:03 and 10:30:45', ['at 1:02:03 and 10:30:45']],
    [
      'dates',
      '<!date^1392734382^{date_short} at {time}|Feb 18>',
      ['date(1392734382,{date_short} at {time},Feb 18)'],
    ],
    ['quotes', '&gt; one\n> two\nthree', ['> one', '> two', 'three']],
    ['empty lines', 'a\n\nb', ['a', '', 'b']],
    ['fences', 'a\n```\nx *y*\n  z &lt;\n```\nb', ['a', 'pre(x *y*\n  z <)', 'b']],
    ['a fence that is never closed as text', 'a ```b', ['a ```b']],
  ];
  it.each(cases)('parses %s', (_name, source, expected) => {
    expect(shown(source)).toEqual(expected);
  });

  it('parses only emoji in plain text, and not even those when they are off', () => {
    const source = '*a* &lt; <@U1> :tada: 10:30:45';
    expect(shown(source, { plain: true })).toEqual(['*a* &lt; <@U1> emoji(tada) 10:30:45']);
    expect(shown(source, { plain: true, emoji: false })).toEqual([source]);
  });

  it('restores every text that was escaped as Slack requires', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '<', '>', '&', '!', '@', ';', 'é', '🎉') }),
        (text) => {
          const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
          const parsed = parseMrkdwn(escaped).flatMap((line) => (line.kind === 'pre' ? [] : line.children));
          expect(parsed.every(({ kind }) => kind === 'text')).toBe(true);
          if (!text.startsWith('>')) expect(parsed.map(show).join('')).toBe(text);
        },
      ),
    );
  });

  it('does not backtrack without end over openings that are never closed', () => {
    // Cubic time would take longer than this test may.
    const source = `${'*a '.repeat(2000)}${'<'.repeat(2000)}`;
    expect(shown(source)).toEqual([source]);
  });

  it('gives a message without its formatting', () => {
    const names = { U1: 'Ann', C1: 'general' };
    const plain = mrkdwnToPlain(
      '*Hi* <@U1> in <#C1> :tada: <https://a.b|here>',
      (_kind, id) => names[id as keyof typeof names],
    );
    expect(plain).toBe('Hi Ann in general  here');
  });

  it('rejects links that could run code', () => {
    expect(safeHref('javascript:alert(1)')).toBeNull();
    expect(safeHref(' https://a.b')).toBeNull();
    expect(safeHref('https://a.b')).toBe('https://a.b');
  });
});
