import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { buildResult } from '../../../src/bot/blocks/result.ts';
import { resultOf, SHORT, says } from '../support/conversation.ts';
import { expectSlackTakes, readable } from '../support/slack-limits.ts';

const typesOf = (blocks: readonly KnownBlock[]) => blocks.map(({ type }) => type);
const actionIds = (blocks: readonly KnownBlock[]) =>
  blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? element.action_id : ''))
      : [],
  );

describe('a short conversation', () => {
  const built = buildResult(resultOf(SHORT));

  test('is whole in the message, within every limit', () => {
    expect(built.whole).toBe(true);
    expectSlackTakes(built);
  });

  test('shows the chart before each speaker’s figures, and those before the words', () => {
    const shown = readable(built.blocks);
    expect(typesOf(built.blocks).indexOf('image')).toBe(2);
    expect(shown.indexOf('weekly.mp3')).toBe(0);
    expect(shown.indexOf('Speaker 1')).toBeLessThan(shown.indexOf('Good morning'));
  });

  test('names every figure of a speaker beside the colour that the chart gives them', () => {
    const shown = readable(built.blocks);
    expect(shown).toContain(':large_blue_square: Speaker 1  56%\n');
    expect(shown).toContain(':large_orange_square: Speaker 2  44%\n');
    expect(shown).toMatch(
      /\n0:03 · 2 turns · 1 question · \d+ wpm · longest turn 0:02 · response time 1\.6 s\n/,
    );
  });

  test('gives the shares of talking and silence, and no overlap where there is none', () => {
    expect(readable(built.blocks)).toMatch(/2 speakers · 0:09 · English\nTalking \d+ ?% · Silence \d+ ?%\n/);
  });

  test('gives every paragraph with speaker and time', () => {
    expect(readable(built.blocks)).toContain(
      ':large_orange_square: Speaker 2  0:03\nYes please. I have the numbers here.',
    );
  });

  test('has the same as text, for screen readers and notifications', () => {
    expect(built.text).toContain('weekly.mp3: 2 speakers · 0:09 · English.');
    expect(built.text).toContain('Speaker 2 (0:03): Yes please. I have the numbers here.');
  });

  test('ends with naming and the five formats', () => {
    expect(actionIds(built.blocks)).toEqual([
      'name_speakers',
      'export_txt',
      'export_vtt',
      'export_srt',
      'export_json',
      'export_csv',
    ]);
  });
});

test('without a chart a line says so, and the figures stand alone', () => {
  const built = buildResult(resultOf(SHORT, { message: { chart: null } }));
  expect(typesOf(built.blocks)).not.toContain('image');
  expect(readable(built.blocks)).toContain('The chart couldn’t be created');
  expectSlackTakes(built);
});

test('of words without any length it says that there is no talk time', () => {
  const timeless = SHORT.map((word) => ({ ...word, startMs: 0, endMs: 0 }));
  const built = buildResult(resultOf(timeless, { message: { chart: null } }));
  expect(readable(built.blocks)).toContain('There is no talk time');
  expectSlackTakes(built);
});

test('names the languages, and says when many words are uncertain', () => {
  const heard = {
    languages: [
      { tag: 'de', share: 0.9 },
      { tag: 'en', share: 0.1 },
    ],
  };
  const doubted = SHORT.map((word, at) => ({ ...word, confidence: at % 4 === 0 ? 0.3 : 0.9 }));
  const shown = readable(buildResult(resultOf(doubted, { heard })).blocks);
  expect(shown).toContain('2 speakers · 0:09 · German, some English');
  expect(shown).toMatch(/\d\d% of the words are uncertain\./);
});

test('says that speaker labels may be wrong, and shows the engine’s remarks', () => {
  const built = buildResult(
    resultOf(SHORT, { heard: { approximateSpeakers: true, remarks: ['English only.'] } }),
  );
  expect(readable(built.blocks)).toContain('Speaker labels may be wrong');
  expect(readable(built.blocks)).toContain('English only.');
  expect(readable(buildResult(resultOf(SHORT)).blocks)).not.toContain('may be wrong');
});

test('a long transcript shows its beginning and leads to the file', () => {
  const words = Array.from({ length: 600 }, (_, turn) =>
    says(turn % 2, turn * 6_000, `This is turn number ${turn} and it has some words in it.`),
  ).flat();
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(false);
  expectSlackTakes(built);
  expect(readable(built.blocks)).toContain('This is turn number 0 ');
  expect(readable(built.blocks)).not.toContain('This is turn number 599 ');
  expect(readable(built.blocks)).toContain('The full transcript is attached below.');
});

test('one paragraph too long for a block is split without losing a word', () => {
  const words = says(0, 0, Array.from({ length: 280 }, (_, n) => `quiteLongWord${n}`).join(' ')).map(
    (word, n) => ({
      ...word,
      startMs: n * 200,
      endMs: n * 200 + 200,
    }),
  );
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(true);
  expectSlackTakes(built);
  for (const { text } of words) expect(readable(built.blocks)).toContain(text);
});

test('many short turns share blocks when fifty are not enough', () => {
  const words = Array.from({ length: 45 }, (_, turn) => says(turn % 2, turn * 4_500, 'Yes. No.')).flat();
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(true);
  expect(built.blocks.length).toBeLessThanOrEqual(50);
  expectSlackTakes(built);
});

test('nine speakers have nine lines, the ninth in white like everyone past the palette', () => {
  const words = Array.from({ length: 9 }, (_, n) =>
    says(n, n * 5_000, 'This is what I think about it.'),
  ).flat();
  const built = buildResult(resultOf(words));
  expectSlackTakes(built);
  expect(readable(built.blocks)).toContain(':large_blue_square: Speaker 1');
  expect(readable(built.blocks)).toContain(':white_large_square: Speaker 9  ');
});

test('forty speakers are summed up past the twelve who spoke longest', () => {
  const words = Array.from({ length: 40 }, (_, n) => says(n, n * 9_000, 'word '.repeat(n + 1).trim())).flat();
  const built = buildResult(resultOf(words));
  expectSlackTakes(built);
  expect(readable(built.blocks)).toMatch(/28 others: \d+%/);
});

test('nothing that people say or call themselves can mention, link or format', () => {
  const words = says(0, 0, '<!channel> <@U1> *bold* &amp; <https://example.com|x> `code`');
  const built = buildResult(
    resultOf(words, {
      names: { '0:0': { name: '<!here> *Bob*' } },
      message: { title: '<!everyone> & co.mp3' },
    }),
  );
  expectSlackTakes(built);
  expect(built.text).not.toMatch(/<[!@h]/);
  expect(built.text).toContain('&lt;!channel&gt; &lt;@U1&gt;');
  // In the blocks it stands as it was said, in places that Slack does not parse.
  expect(readable(built.blocks)).toContain('<!channel> <@U1> *bold* &amp;');
  expect(JSON.stringify(built.blocks)).not.toContain('mrkdwn');
});

test('right-to-left and emoji names keep their place, and tricks with direction are taken out', () => {
  const names = {
    '0:0': { name: 'שרה לוי' },
    '0:1': { name: '👩‍👩‍👧‍👦\u202Eevil\u200B name' },
  };
  const built = buildResult(resultOf(SHORT, { names }));
  expectSlackTakes(built);
  expect(readable(built.blocks)).toContain(' \u2068שרה לוי\u2069  56%');
  expect(readable(built.blocks)).toContain(' 👩‍👩‍👧‍👦evil name  44%');
});

test('names and titles of any length, and halves of characters, stay within the limits', () => {
  const built = buildResult(
    resultOf(SHORT, {
      names: { '0:0': { name: '🦊'.repeat(500) }, '0:1': { name: 'ا'.repeat(500) } },
      message: {
        title: `\ud83e${'語'.repeat(500)}`,
        chart: { fileId: 'F1' as never, altText: 'x'.repeat(5_000) },
      },
      heard: { remarks: Array.from({ length: 30 }, () => 'y'.repeat(900)) },
    }),
  );
  expectSlackTakes(built);
});

test('six hours of words are built within the limits and without delay', () => {
  const words = Array.from({ length: 54_000 }, (_, n) => ({
    ...says((n >> 5) % 4, n * 400, n % 12 === 11 ? 'end.' : 'word')[0]!,
  }));
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(false);
  expectSlackTakes(built);
});

test('a transcript without spaces is split as well', () => {
  const word = { ...says(0, 0, 'x')[0]!, text: '語'.repeat(4_000), endMs: 60_000 };
  const built = buildResult(resultOf([word]));
  expectSlackTakes(built);
  expect(readable(built.blocks).match(/語/gu)).toHaveLength(4_000);
});
