import { expect, test } from 'vitest';
import { linkInCommand, linksIn } from '../../src/bot/links.ts';

test.each([
  ['https://example.com/a.mp3', 'https://example.com/a.mp3'],
  ['  https://example.com/a.mp3?x=1&amp;y=2  ', 'https://example.com/a.mp3?x=1&y=2'],
  ['<https://example.com/a.mp3|example.com/a.mp3>', 'https://example.com/a.mp3'],
  ['<https://example.com/a.mp3?x=1&amp;y=2>', 'https://example.com/a.mp3?x=1&y=2'],
  ['<https://example.com/a>|b&amp;c.mp3', 'https://example.com/a|b&c.mp3'],
  ['https://example.com/<@U1|ana>/talk.mp3', 'https://example.com/@ana/talk.mp3'],
  ['<https://example.com/a.mp3> please', 'https://example.com/a.mp3'],
  [
    `https://example.com/a.mp3?signature=${'x'.repeat(2_000)}`,
    `https://example.com/a.mp3?signature=${'x'.repeat(2_000)}`,
  ],
  ['HTTPS://EXAMPLE.COM/A', 'https://example.com/A'],
  ['https://example.com/a b', null],
  ['two words', null],
  ['ftp://example.com/a', null],
  ['javascript:alert(1)', null],
  ['', null],
])('what is typed after the command as “%s” is %s', (typed, link) => {
  expect(linkInCommand(typed)).toBe(link);
});

test('links are found in text, blocks and attachments, recordings first, each once', () => {
  const message = {
    text: 'see <https://a.example/page|here> and <https://b.example/talk.mp3?x=1&amp;y=2>, not <mailto:x@y.example|x> or <@U1>',
    blocks: [
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'link', url: 'https://c.example/video.webm' }] },
        ],
      },
      { type: 'image', image_url: 'https://d.example/picture.png' },
    ],
    attachments: [
      { title_link: 'https://e.example/episode', from_url: 'https://a.example/page', id: 1 },
      null,
    ],
  };
  expect(linksIn(message)).toEqual([
    'https://b.example/talk.mp3?x=1&y=2',
    'https://c.example/video.webm',
    'https://a.example/page',
    'https://e.example/episode',
  ]);
});

test('a message without links has none, whatever it holds', () => {
  let deep: unknown = 'https://example.com/a.mp3';
  for (let n = 0; n < 1_000; n += 1) deep = { url: deep, elements: [deep] };
  expect(linksIn({ blocks: [deep] })).toEqual([]);
  expect(linksIn({ text: null, blocks: null })).toEqual([]);
  expect(linksIn({ text: 'a < b > c', blocks: [1, 'https://example.com', null, { url: 5 }] })).toEqual([]);
});
